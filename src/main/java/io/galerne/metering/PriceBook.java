package io.galerne.metering;

import io.galerne.audit.Actor;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * All versions of all prices, held in memory and read again every few seconds, which is less than
 * the time between a version's making and its effect.
 */
@Component
@DependsOnDatabaseInitialization
public class PriceBook implements PriceList, DisposableBean {
  private static final Logger log = LoggerFactory.getLogger(PriceBook.class);
  private static final Duration READ_EVERY = Duration.ofSeconds(10);

  private final PriceTable table;
  private final PriceProperties properties;
  private final Clock clock;
  private final ScheduledExecutorService reader =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("prices").factory());

  private final Future<?> reading;

  private volatile Map<String, NavigableMap<Instant, Price>> byModel = Map.of();

  @Autowired
  PriceBook(PriceTable table, PriceProperties properties, Clock clock) {
    this.table = table;
    this.properties = properties;
    this.clock = clock;
    table.takeOver(properties, clock.instant());
    read();
    this.reading =
        reader.scheduleWithFixedDelay(
            this::readAgain, READ_EVERY.toMillis(), READ_EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public Price priceOf(String pricedAs, Instant startedAt) {
    NavigableMap<Instant, Price> versions = byModel.get(pricedAs);
    Map.Entry<Instant, Price> inForce = versions == null ? null : versions.floorEntry(startedAt);
    return inForce == null ? Price.none(pricedAs) : inForce.getValue();
  }

  /** ISO 4217. */
  public String currency() {
    return properties.currency();
  }

  /** The prices in force now, one for each model that has one. */
  public List<Price> current() {
    Instant now = clock.instant();
    List<Price> current = new ArrayList<>();
    byModel.forEach((model, _) -> current.add(priceOf(model, now)));
    current.removeIf(price -> price.version() == null);
    current.sort(Comparator.comparing(Price::model));
    return current;
  }

  /** The newest versions first; of one model, or of all if it is null. */
  public List<Price> versions(@Nullable String model, int max) {
    return table.versions(model, max);
  }

  /** One version of a model's price, if there is one of that number. */
  public Optional<Price> version(String model, @Nullable Long version) {
    NavigableMap<Instant, Price> versions = byModel.get(model);
    return versions == null || version == null
        ? Optional.empty()
        : versions.values().stream().filter(price -> version.equals(price.version())).findFirst();
  }

  /** The earliest moment at which a version that is made now can take effect. */
  public Instant earliestEffect() {
    return clock.instant().plus(PriceTable.LEAD);
  }

  /**
   * Adds a version of a model's price, with its row in the platform's trail.
   *
   * @throws IllegalArgumentException if it were to count before {@link #earliestEffect()}
   */
  public Price add(Actor actor, String model, Rates realtime, Rates batch, Instant effectiveFrom) {
    if (effectiveFrom.isBefore(earliestEffect().minusSeconds(5))) {
      throw new IllegalArgumentException("a price can't change the past: " + effectiveFrom);
    }
    // the database keeps microseconds and would round up, past the moment that was asked for
    Instant from = effectiveFrom.truncatedTo(ChronoUnit.MILLIS);
    Price added = table.add(actor, model, realtime, batch, from, "api");
    read();
    return added;
  }

  private void readAgain() {
    try {
      read();
    } catch (DataAccessException | TransactionException e) {
      log.warn("prices could not be read again, those in memory go on: {}", e.toString());
    }
  }

  private void read() {
    Map<String, NavigableMap<Instant, Price>> fresh = new HashMap<>();
    for (Price price : table.all()) { // of two for the same moment the later version wins
      fresh.computeIfAbsent(price.model(), _ -> new TreeMap<>()).put(price.effectiveFrom(), price);
    }
    byModel = Map.copyOf(fresh);
  }

  @Override
  public void destroy() {
    reading.cancel(true);
    reader.shutdownNow();
  }
}
