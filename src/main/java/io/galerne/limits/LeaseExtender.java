package io.galerne.limits;

import io.galerne.journal.GroupCommit;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Extends the leases of all answers in progress, those that ask at the same time together. */
@Component
class LeaseExtender implements DisposableBean {
  private static final Logger log = LoggerFactory.getLogger(LeaseExtender.class);

  private static final Comparator<Lease> LOCK_ORDER =
      Comparator.comparing((Lease lease) -> lease.caller().tenantId())
          .thenComparing(lease -> lease.caller().workspaceId())
          .thenComparing(lease -> lease.terms().keyLine());

  private final JdbcClient jdbc;
  private final Counter granted;
  private final Counter postponed;
  private final Counter denied;
  private final Counter unanswered;
  private final GroupCommit<Lease> rounds = new GroupCommit<>("galerne-leases", this::extend);

  LeaseExtender(JdbcClient jdbc, MeterRegistry meters) {
    this.jdbc = jdbc;
    this.granted = counter(meters, "granted");
    this.postponed = counter(meters, "postponed");
    this.denied = counter(meters, "denied");
    this.unanswered = counter(meters, "unanswered");
  }

  private static Counter counter(MeterRegistry meters, String outcome) {
    return Counter.builder("galerne.leases")
        .description("What answers in progress were told that asked for more of their budget")
        .tag("outcome", outcome)
        .register(meters);
  }

  private void count(Extension extension) {
    Counter told = extension.mayCome() ? postponed : denied;
    (extension.granted() > 0 ? granted : told).increment();
  }

  void ask(Lease lease) {
    rounds.submit(lease);
  }

  private record Extension(UUID requestId, boolean known, long granted, boolean mayCome) {}

  private void extend(List<Lease> asking) {
    List<Lease> leases = new ArrayList<>(asking);
    leases.sort(LOCK_ORDER);
    try {
      Map<UUID, Extension> extensions = new HashMap<>();
      for (Extension extension : query(leases)) {
        extensions.put(extension.requestId(), extension);
      }
      for (Lease lease : leases) {
        Extension extension = extensions.get(lease.requestId());
        if (extension == null || !extension.known()) {
          lease.gone();
        } else {
          count(extension);
          lease.extended(extension.granted(), extension.mayCome());
        }
      }
    } catch (DataAccessException e) {
      log.warn("{} leases could not be extended: {}", leases.size(), e.toString());
      unanswered.increment(leases.size());
      leases.forEach(Lease::unanswered);
    }
  }

  private List<Extension> query(List<Lease> leases) {
    return jdbc.sql(
            """
            select request_id, granted is not null as known, coalesce(granted, 0) as granted,
                   may_come
            from galerne_extend(?::uuid[], ?::uuid[], ?::bigint[], ?::bigint[], ?::bigint[],
                ?::bigint[])
            """)
        .param(leases.stream().map(lease -> lease.requestId().toString()).toArray(String[]::new))
        .param(
            leases.stream()
                .map(lease -> lease.caller().tenantId().toString())
                .toArray(String[]::new))
        .param(leases.stream().map(lease -> lease.terms().planCapMicros()).toArray(Long[]::new))
        .param(leases.stream().map(lease -> lease.terms().keyCapMicros()).toArray(Long[]::new))
        .param(leases.stream().map(Lease::unit).toArray(Long[]::new))
        .param(leases.stream().map(Lease::want).toArray(Long[]::new))
        .query(
            (row, _) ->
                new Extension(
                    row.getObject("request_id", UUID.class),
                    row.getBoolean("known"),
                    row.getLong("granted"),
                    row.getBoolean("may_come")))
        .list();
  }

  @Override
  public void destroy() {
    rounds.close();
  }
}
