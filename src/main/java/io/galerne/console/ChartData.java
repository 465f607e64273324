package io.galerne.console;

import io.galerne.metering.UsageTotal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Sums by day as the chart's script reads them: days without use are zeros. */
@Component
class ChartData {
  private final JsonMapper json;

  ChartData(JsonMapper json) {
    this.json = json;
  }

  /**
   * @param days starts of days in seconds
   */
  private record Series(
      List<Long> days, List<Long> requests, List<Long> tokens, List<Double> cost) {}

  String days(LocalDate from, LocalDate to, List<UsageTotal> totals) {
    Map<LocalDate, long[]> sums = new HashMap<>();
    for (UsageTotal total : totals) {
      LocalDate day = total.day();
      if (day != null) {
        long[] sum = sums.computeIfAbsent(day, _ -> new long[3]);
        sum[0] += total.requests();
        sum[1] += total.promptTokens() + total.completionTokens();
        sum[2] += total.costMicros();
      }
    }
    Series series =
        new Series(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (LocalDate day = from; !day.isAfter(to); day = day.plusDays(1)) {
      long[] sum = sums.getOrDefault(day, new long[3]);
      series.days().add(day.atStartOfDay(ZoneOffset.UTC).toEpochSecond());
      series.requests().add(sum[0]);
      series.tokens().add(sum[1]);
      series.cost().add(sum[2] / 1e6);
    }
    return json.writeValueAsString(series);
  }
}
