package io.galerne.billing;

import io.galerne.metering.Cost;
import io.galerne.metering.LedgerLine;
import io.galerne.metering.LedgerLines;
import io.galerne.metering.ServiceClass;
import io.galerne.metering.ServiceKind;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads the lines of an invoice out of the ledger; runs in the tenant's transaction. */
@Component
class InvoiceLines {
  /** The lines themselves, which is what a bill is. */
  private static final String FROM_LEDGER =
      """
      select date_trunc('month', usage_day)::date as month, workspace_id, model, service,
          service_class, coalesce(price_version, 0) as price_version,
          count(*) as requests, sum(prompt_tokens) as prompt_tokens,
          sum(cached_prompt_tokens) as cached_prompt_tokens,
          sum(completion_tokens) as completion_tokens, sum(cost_picos) as cost_picos
      from usage_event where %s
      group by 1, 2, 3, 4, 5, 6
      """
          .formatted(Coverage.CONDITION);

  /**
   * For a month that is open, which counts all lines of its days: their sums, and the lines that
   * came too late for the invoice before. The lines are too many to be read for each look.
   */
  private static final String FROM_SUMS =
      """
      select month, workspace_id, model, service, service_class, price_version,
          sum(requests) as requests, sum(prompt_tokens) as prompt_tokens,
          sum(cached_prompt_tokens) as cached_prompt_tokens,
          sum(completion_tokens) as completion_tokens, sum(cost_picos) as cost_picos
      from (
        select date_trunc('month', day)::date as month, workspace_id, model, service,
            service_class, price_version, requests, prompt_tokens, cached_prompt_tokens,
            completion_tokens, cost_picos
        from usage_by_model
        where tenant_id = :tenant and day >= :from and day >= :previousEnd and day < :end
        union all
        select date_trunc('month', usage_day)::date, workspace_id, model, service, service_class,
            coalesce(price_version, 0), 1, prompt_tokens, cached_prompt_tokens, completion_tokens,
            cost_picos
        from usage_event where %s and usage_day < :previousEnd) day
      group by 1, 2, 3, 4, 5, 6
      """
          .formatted(Coverage.CONDITION);

  private final JdbcClient jdbc;

  InvoiceLines(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  List<InvoiceLine> of(UUID tenant, Coverage coverage) {
    List<InvoiceLine> lines = new ArrayList<>();
    jdbc.sql(
            """
            select month, workspace_id, model, service, service_class, price_version, requests,
                prompt_tokens, cached_prompt_tokens, completion_tokens, cost_picos,
                case service_class when 'BATCH' then batch_input else input end as input_price,
                case service_class when 'BATCH' then batch_cached_input else cached_input end
                  as cached_input_price,
                case service_class when 'BATCH' then batch_output else output end as output_price
            from (
              %s) used
            left join (select version, input, cached_input, output, batch_input,
                batch_cached_input, batch_output from price) price on version = price_version
            order by month desc, workspace_id, model, service, service_class desc, price_version
            """
                .formatted(coverage.isOpen() ? FROM_SUMS : FROM_LEDGER))
        .params(bind(tenant, coverage))
        .query((row, _) -> usage(row, coverage.period()))
        .list()
        .forEach(line -> lines.add(numbered(line, lines.size() + 1)));
    jdbc.sql(
            """
            select * from billing_correction
            where tenant_id = :tenant and number >= :previousCutoff and number < :cutoff
            order by number
            """)
        .params(bind(tenant, coverage))
        .query((row, _) -> correction(row, coverage.period()))
        .list()
        .forEach(line -> lines.add(numbered(line, lines.size() + 1)));
    return lines;
  }

  /** The requests behind a line, in the order of the ledger. */
  List<LedgerLine> requests(UUID tenant, Coverage coverage, InvoiceLine line, long after, int max) {
    return jdbc.sql(
            """
            select * from usage_event where %s
                and usage_day >= :month and usage_day < :monthEnd and workspace_id = :workspace
                and model = :model and service = :service and service_class = :class
                and coalesce(price_version, 0) = :version and number > :after
            order by number limit :max
            """
                .formatted(Coverage.CONDITION))
        .params(bind(tenant, coverage))
        .param("month", line.period())
        .param("monthEnd", line.period().plusMonths(1))
        .param("workspace", line.workspaceId())
        .param("model", line.model())
        .param("service", String.valueOf(line.service()))
        .param("class", String.valueOf(line.serviceClass()))
        .param("version", line.priceVersion())
        .param("after", after)
        .param("max", max)
        .query(LedgerLines::line)
        .list();
  }

  private static Map<String, Object> bind(UUID tenant, Coverage coverage) {
    return Map.of(
        "tenant", tenant,
        "cutoff", coverage.cutoff(),
        "from", coverage.from(),
        "end", coverage.end(),
        "previousEnd", coverage.previousEndOrNever(),
        "previousCutoff", coverage.previousCutoff());
  }

  private static InvoiceLine usage(ResultSet row, LocalDate period) throws SQLException {
    LocalDate month = row.getObject("month", LocalDate.class);
    var picos = row.getBigDecimal("cost_picos").toBigIntegerExact();
    return new InvoiceLine(
        0,
        month.equals(period) ? InvoiceLine.Kind.USAGE : InvoiceLine.Kind.ADJUSTMENT,
        month,
        row.getObject("workspace_id", UUID.class),
        row.getString("model"),
        ServiceKind.valueOf(row.getString("service")),
        ServiceClass.valueOf(row.getString("service_class")),
        row.getLong("price_version"),
        row.getObject("input_price", Long.class),
        row.getObject("cached_input_price", Long.class),
        row.getObject("output_price", Long.class),
        row.getLong("requests"),
        row.getLong("prompt_tokens"),
        row.getLong("cached_prompt_tokens"),
        row.getLong("completion_tokens"),
        picos.toString(),
        Cost.micros(picos),
        null,
        null);
  }

  private static InvoiceLine correction(ResultSet row, LocalDate period) throws SQLException {
    LocalDate corrected = row.getObject("period", LocalDate.class);
    long amount = row.getLong("amount_micros");
    return new InvoiceLine(
        0,
        InvoiceLine.Kind.CORRECTION,
        corrected == null ? period : corrected,
        row.getObject("workspace_id", UUID.class),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        0,
        0,
        0,
        0,
        BigInteger.valueOf(amount).multiply(BigInteger.valueOf(Cost.PICOS_PER_MICRO)).toString(),
        amount,
        row.getObject("id", UUID.class),
        row.getString("reason"));
  }

  private static InvoiceLine numbered(InvoiceLine line, int number) {
    return new InvoiceLine(
        number,
        line.kind(),
        line.period(),
        line.workspaceId(),
        line.model(),
        line.service(),
        line.serviceClass(),
        line.priceVersion(),
        line.inputPrice(),
        line.cachedInputPrice(),
        line.outputPrice(),
        line.requests(),
        line.promptTokens(),
        line.cachedPromptTokens(),
        line.completionTokens(),
        line.costPicos(),
        line.amountMicros(),
        line.reference(),
        line.reason());
  }
}
