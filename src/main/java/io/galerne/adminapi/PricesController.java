package io.galerne.adminapi;

import io.galerne.identity.AdminCaller.PlatformOperator;
import io.galerne.identity.Permission;
import io.galerne.metering.PriceBook;
import io.galerne.metering.Rates;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/admin/prices}: for everybody to read, for the operator to add versions. */
@RestController
class PricesController {
  private static final int MODEL_MAX = 128;
  private static final int VERSIONS_MAX = 1_000;
  private static final Set<String> RATES = Set.of("input", "cached_input", "output");

  private final PriceBook prices;
  private final AdminRequests requests;

  PricesController(PriceBook prices, AdminRequests requests) {
    this.prices = prices;
    this.requests = requests;
  }

  record PriceEntries(String currency, String unit, List<PriceEntry> data) {}

  /** The prices in force, or, with a model, its versions. */
  @GetMapping("/v1/admin/prices")
  @Open
  PriceEntries list(HttpServletRequest request) {
    Query query = Query.of(request);
    String model = query.text("model");
    query.check();
    return new PriceEntries(
        prices.currency(),
        "micro-units per million tokens",
        (model == null ? prices.current() : prices.versions(model, VERSIONS_MAX))
            .stream().map(PriceEntry::of).toList());
  }

  private record Wanted(String model, Rates rates, Rates batch, Instant from) {}

  @PostMapping("/v1/admin/prices")
  @Requires(Permission.TENANTS_WRITE)
  PriceEntry add(HttpServletRequest request, @AuthenticationPrincipal PlatformOperator operator) {
    Wanted wanted =
        requests.object(
            request,
            Set.of("model", "input", "cached_input", "output", "batch", "effective_from"),
            fields -> {
              Rates rates = rates(fields);
              Rates batch =
                  fields.has("batch") && !fields.isNull("batch")
                      ? fields.requiredObject("batch", RATES, PricesController::rates)
                      : rates.half();
              return new Wanted(
                  fields.requiredText("model", MODEL_MAX), rates, batch, effectiveFrom(fields));
            });
    return PriceEntry.of(
        prices.add(
            operator.actor(), wanted.model(), wanted.rates(), wanted.batch(), wanted.from()));
  }

  private static Rates rates(Fields fields) {
    long input = required(fields, "input");
    Long cached = fields.integer("cached_input", 0, Rates.RATE_MAX);
    return new Rates(input, cached == null ? input : cached, required(fields, "output"));
  }

  private static long required(Fields fields, String field) {
    if (!fields.has(field) || fields.isNull(field)) {
      fields.wrong(field, "missing", "Field required");
      return 0;
    }
    Long value = fields.integer(field, 0, Rates.RATE_MAX);
    return value == null ? 0 : value;
  }

  private Instant effectiveFrom(Fields fields) {
    Instant earliest = prices.earliestEffect();
    @Nullable Instant asked = fields.instant("effective_from");
    if (asked != null && asked.isBefore(earliest)) {
      fields.wrong(
          "effective_from",
          "greater_than_equal",
          "A price takes effect a minute from now or later: " + earliest);
    }
    return asked == null ? earliest : asked;
  }
}
