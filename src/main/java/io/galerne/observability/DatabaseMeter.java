package io.galerne.observability;

import io.galerne.journal.DatabaseWatch;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.stereotype.Component;

/**
 * Whether this replica can reach the database; while it can't, it says so here and still serves.
 */
@Component
class DatabaseMeter implements MeterBinder {
  private final DatabaseWatch database;

  DatabaseMeter(DatabaseWatch database) {
    this.database = database;
  }

  @Override
  public void bindTo(MeterRegistry meters) {
    Gauge.builder("galerne.database.away", () -> database.isAway() ? 1 : 0)
        .description("1 while the database does not answer")
        .register(meters);
  }
}
