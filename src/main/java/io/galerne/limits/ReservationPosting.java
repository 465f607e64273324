package io.galerne.limits;

import io.galerne.metering.Cost;
import io.galerne.metering.LedgerPosting;
import io.galerne.metering.UsageRecord;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Ends a request's reservation with its line in the ledger: both are written, or neither. */
@Component
@Order(0) // rows of budgets are locked before others
class ReservationPosting implements LedgerPosting {
  private final JdbcClient jdbc;

  ReservationPosting(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public void posted(UsageRecord usage, Cost cost, boolean fresh) {
    jdbc.sql("select galerne_release(?, ?, ?, ?, ?, ?)")
        .params(
            usage.requestId(),
            usage.caller().tenantId(),
            usage.caller().workspaceId(),
            usage.caller().apiKeyId(),
            fresh ? cost.picos() : 0L,
            fresh ? usage.completionTokens() : 0)
        .query()
        .listOfRows();
  }
}
