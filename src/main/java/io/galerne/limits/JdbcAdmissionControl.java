package io.galerne.limits;

import io.galerne.engine.TokenAllowance;
import io.galerne.identity.Caller;
import io.galerne.journal.DatabaseWatch;
import io.galerne.journal.Deliveries;
import io.galerne.journal.Journal;
import io.galerne.metering.PriceList;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Admission by what the database holds, so that all replicas decide as one. */
@Component
class JdbcAdmissionControl implements AdmissionControl {
  private static final Logger log = LoggerFactory.getLogger(JdbcAdmissionControl.class);
  private static final List<Scope> LOCK_ORDER =
      List.of(Scope.ORGANISATION, Scope.WORKSPACE, Scope.KEY);

  private static final Duration OUTAGE_RETRY = Duration.ofSeconds(5);

  /** How long requests without caps are served while the database is away. */
  private static final Duration GRACE = Duration.ofSeconds(60);

  private final TermsBook book;
  private final PriceList prices;
  private final ReservationTable table;
  private final LeaseExtender extender;
  private final Journal journal;
  private final DatabaseWatch database;
  private final LimitsProperties properties;

  JdbcAdmissionControl(
      TermsBook book,
      PriceList prices,
      ReservationTable table,
      LeaseExtender extender,
      Journal journal,
      DatabaseWatch database,
      LimitsProperties properties) {
    this.book = book;
    this.prices = prices;
    this.table = table;
    this.extender = extender;
    this.journal = journal;
    this.database = database;
    this.properties = properties;
  }

  @Override
  public Decision admit(Demand demand) {
    if (database.isAway()) {
      return unasked(demand);
    }
    try {
      Terms terms = book.of(demand.caller());
      TokenPrice price = TokenPrice.of(prices, demand);
      Buckets buckets = Buckets.of(terms, demand);
      return decide(
          demand, terms, price, buckets, table.admit(demand, terms, buckets, need(demand, price)));
    } catch (DataAccessException | TransactionException e) {
      database.failed(e);
      return unasked(demand);
    }
  }

  @Override
  public Optional<Standing> remembered(Caller caller) {
    return Optional.ofNullable(book.remembered(caller))
        .map(terms -> new Standing(Optional.ofNullable(terms.waitingShare())));
  }

  /**
   * Without a database, a request that no cap bounds is served for a while; its line waits in the
   * spool. What a cap bounds would need a reservation.
   */
  private Decision unasked(Demand demand) {
    Terms terms = book.remembered(demand.caller());
    if (terms == null || terms.capped() || !database.isAwayFor(GRACE)) {
      return new Decision.Unavailable(OUTAGE_RETRY);
    }
    return new Decision.Admitted(
        reservation(demand, terms, RateState.NONE, TokenAllowance.UNLIMITED, () -> {}));
  }

  private Reservation reservation(
      Demand demand,
      Terms terms,
      RateState state,
      TokenAllowance allowance,
      Runnable cancellation) {
    Deliveries deliveries =
        journal.open(
            demand.requestId(),
            demand.caller(),
            terms.keyLine(),
            demand.source().withStream(true),
            demand.promptTokens(),
            demand.startedAt());
    return new Reservation(
        terms.weight(), terms.waitingShare(), state, allowance, deliveries, cancellation);
  }

  /**
   * A request that is alone may start with one token. Beside others it needs half a block, or all
   * of them would start and none get far.
   */
  private ReservationTable.Need need(Demand demand, TokenPrice price) {
    int max = demand.completionTokensMax();
    int block = properties.blockTokens();
    return new ReservationTable.Need(
        price.cost(demand.promptTokens(), Math.min(1, max)),
        price.cost(demand.promptTokens(), Math.min(block / 2, max)),
        price.cost(demand.promptTokens(), Math.min(block, max)));
  }

  private Decision decide(
      Demand demand,
      Terms terms,
      TokenPrice price,
      Buckets buckets,
      ReservationTable.Answer answer) {
    Duration wait = Duration.ofMillis((long) Math.ceil(answer.waitSeconds() * 1000));
    RateState state = buckets.state(answer.levels(), demand.promptTokens());
    return switch (answer.verdict()) {
      case "admitted" -> admitted(demand, terms, price, answer, state);
      case "rate" -> {
        Buckets.Bucket bucket = buckets.buckets().get(answer.hit());
        RateRule rule = bucket.rule();
        yield new Decision.RateLimited(
            rule.scope(), bucket.unit(), rule.model(), bucket.max(), state, wait);
      }
      case "quota" -> {
        Buckets.Quota quota = buckets.quotas().get(answer.hit());
        yield new Decision.QuotaReached(
            quota.rule().scope(), quota.rule().model(), quota.max(), wait);
      }
      case "cap" ->
          new Decision.CapReached(
              LOCK_ORDER.get(answer.hit()), answer.capMicros(), answer.spentMicros(), wait);
      case "reserved" ->
          new Decision.CapReserved(LOCK_ORDER.get(answer.hit()), answer.capMicros(), wait);
      default -> throw new IllegalStateException("an unknown verdict: " + answer.verdict());
    };
  }

  private Decision admitted(
      Demand demand,
      Terms terms,
      TokenPrice price,
      ReservationTable.Answer answer,
      RateState state) {
    Long granted = answer.granted();
    TokenAllowance allowance =
        granted == null
            ? TokenAllowance.UNLIMITED
            : new Lease(demand, terms, price, granted, properties, extender::ask);
    return new Decision.Admitted(
        reservation(demand, terms, state, allowance, () -> cancel(demand)));
  }

  /** What can't be given back now is given back by whoever finds the reservation. */
  private void cancel(Demand demand) {
    try {
      table.cancel(demand.requestId(), demand.caller().tenantId());
    } catch (DataAccessException e) {
      log.warn("request {} keeps its reservation: {}", demand.requestId(), e.toString());
    }
  }
}
