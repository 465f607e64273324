package io.galerne.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.database.OwnerDatabase;
import io.galerne.database.TenantTransactions;
import io.galerne.database.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.MOCK)
@Import(TestDatabase.class)
class AuditTrailIntegrationTests {
  @Autowired AuditLog log;
  @Autowired AuditTrails trails;
  @Autowired AuditKeeper keeper;
  @Autowired AuditSettings settings;
  @Autowired AnswerRecords answers;
  @Autowired TenantTransactions transactions;
  @Autowired JdbcClient jdbc;
  @Autowired TestDatabase.Database database;

  private final UUID tenant = UUID.randomUUID();

  private void change(String name) {
    transactions.runInTenant(
        tenant,
        () ->
            log.record(
                AuditEntry.of(tenant, Actor.system(), "thing.change", "THING", tenant)
                    .with("name", name)
                    .with("number", 1.50)));
  }

  private void asOwner(String sql) throws SQLException {
    OwnerDatabase.execute(database, sql);
  }

  @Test
  void rowsHaveNoGapsThoughManyWriteAndSomeFail() throws Exception {
    List<Callable<Object>> work = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      String name = "n" + i;
      boolean fails = i % 4 == 0;
      work.add(
          Executors.callable(
              () -> {
                try {
                  transactions.runInTenant(
                      tenant,
                      () -> {
                        change(name);
                        if (fails) {
                          throw new IllegalStateException("on purpose");
                        }
                      });
                } catch (IllegalStateException e) {
                  assertThat(fails).isTrue();
                }
              }));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (Future<Object> done : threads.invokeAll(work)) {
        done.get();
      }
    }
    assertThat(trails.verify(tenant, Trail.EVENTS))
        .isEqualTo(new Verdict.Intact(90, 90, trails.publicKey()));
  }

  @Test
  void theDatabaseItselfIsLookedThrough() throws SQLException {
    for (int i = 0; i < 20; i++) {
      change("n" + i);
    }
    assertThat(trails.checkpoint(tenant, Trail.EVENTS)).isPresent();
    assertThat(trails.checkpoint(tenant, Trail.EVENTS)).isEmpty();
    String own = " where tenant_id = '" + tenant + "'";
    for (String sql :
        new String[] {
          "update audit_event set details = replace(details, 'n7', 'n8')" + own,
          "update audit_event set action = 'thing.read'" + own + " and seq = 3",
          "update audit_event set at = at + interval '1 day'" + own + " and seq = 3",
          "delete from audit_event" + own + " and seq = 11",
          "delete from audit_event" + own + " and seq > 15",
          "delete from audit_event" + own,
          "update audit_event set seq = 100" + own + " and seq = 20"
        }) {
      asOwner("create table kept as select * from audit_event" + own + "; " + sql);
      assertThat(trails.verify(tenant, Trail.EVENTS)).as(sql).isInstanceOf(Verdict.Broken.class);
      asOwner(
          "delete from audit_event"
              + own
              + "; insert into audit_event select * from kept; drop table kept");
      assertThat(trails.verify(tenant, Trail.EVENTS)).isInstanceOf(Verdict.Intact.class);
    }
  }

  @Test
  void theRuntimeRoleCanOnlyAdd() {
    change("one");
    for (String sql :
        new String[] {
          "update audit_event set action = 'x'",
          "delete from audit_event",
          "update answer_record set record = ''",
          "delete from answer_record",
          "delete from audit_checkpoint",
          "truncate audit_event"
        }) {
      assertThatThrownBy(() -> transactions.runInTenant(tenant, () -> jdbc.sql(sql).update()))
          .as(sql)
          .hasStackTraceContaining("permission denied");
    }
  }

  @Test
  void anExportIsIntactUntilItIsChanged() throws IOException {
    for (int i = 0; i < 5; i++) {
      change("line\nfeed and \"quotes\" é " + i);
    }
    byte[] file = export(Trail.EVENTS);
    assertThat(verify(file)).isEqualTo(new Verdict.Intact(5, 5, trails.publicKey()));
    byte[] changed =
        new String(file, StandardCharsets.UTF_8)
            .replace("é 3", "é 4")
            .getBytes(StandardCharsets.UTF_8);
    assertThat(verify(changed)).isInstanceOf(Verdict.Broken.class);
  }

  private byte[] export(Trail trail) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    trails.export(tenant, trail, out);
    return out.toByteArray();
  }

  private Verdict verify(byte[] file) throws IOException {
    return ExportFile.verify(new ByteArrayInputStream(file), trails.publicKey(), List.of());
  }

  @Test
  void rowsGoWhenTheirTimeIsOverAndTheRestStaysProven() throws Exception {
    for (int i = 0; i < 6; i++) {
      change("old " + i);
    }
    trails.checkpoint(tenant, Trail.EVENTS);
    change("new");
    Instant now = Instant.now();
    assertThatThrownBy(() -> trails.prune(tenant, Trail.EVENTS, now.plusSeconds(60)))
        .hasStackTraceContaining("rows of the last 183 days stay");
    assertThat(trails.prune(tenant, Trail.EVENTS, now.minus(Duration.ofDays(183)))).isZero();

    // As if half a year had passed: the function's own clock is the database's.
    asOwner(
        "update audit_event set at = at - interval '200 days' where tenant_id = '"
            + tenant
            + "' and seq <= 6");
    keeper.run();

    assertThat(trails.verify(tenant, Trail.EVENTS))
        .isEqualTo(new Verdict.Intact(1, 7, trails.publicKey()));
    assertThat(verify(export(Trail.EVENTS))).isInstanceOf(Verdict.Intact.class);
  }

  private static final AnswerContent CONTENT =
      new AnswerContent(
          "{}",
          List.of(1, 2, 3),
          List.of(new AnswerContent.Said("canary answer", List.of(), true)),
          null);

  private AnswerRecord record(UUID request) {
    return new AnswerRecord(
        request,
        UUID.randomUUID(),
        UUID.randomUUID(),
        "CHAT",
        "REALTIME",
        false,
        "mistral-small",
        "d1gest",
        "policy-7",
        new AnswerRecord.Parameters(42, 0.7f, 1, 100, 1, null),
        "STOP",
        3,
        2,
        AnswerRecord.Digests.of(request, CONTENT));
  }

  @Test
  void contentIsKeptOnlyIfWantedAndGoneWithItsKey() throws SQLException {
    UUID without = UUID.randomUUID();
    answers.record(tenant, record(without), () -> CONTENT);
    assertThat(answers.find(tenant, without).map(AnswerRecord::policyVersion)).contains("policy-7");
    assertThat(answers.content(tenant, without)).isEmpty();

    settings.set(tenant, new AuditSettings.Setting(365, true));
    UUID with = UUID.randomUUID();
    answers.record(tenant, record(with), () -> CONTENT);
    answers.record(tenant, record(with), () -> CONTENT);
    assertThat(answers.content(tenant, with)).contains(CONTENT);
    assertThat(answers.content(UUID.randomUUID(), with)).isEmpty();
    assertThat(OwnerDatabase.dump(database, "answer_content", "answer_record", "content_key"))
        .contains(with.toString())
        .doesNotContain("canary");
    assertThat(trails.verify(tenant, Trail.ANSWERS))
        .isEqualTo(new Verdict.Intact(2, 2, trails.publicKey()));

    answers.shred(tenant);
    assertThat(answers.content(tenant, with)).isEmpty();
    assertThat(trails.verify(tenant, Trail.ANSWERS)).isInstanceOf(Verdict.Intact.class);
  }

  /** A record that waits in a file while the database is away. */
  @Test
  void whatWaitsInAFileShowsNobodyWhatWasSaid() {
    UUID unwanted = UUID.randomUUID();
    String without = answers.encode(tenant, record(unwanted), () -> CONTENT);
    settings.set(tenant, new AuditSettings.Setting(365, true));
    answers.record(tenant, record(UUID.randomUUID()), () -> CONTENT);
    UUID wanted = UUID.randomUUID();
    String with = answers.encode(tenant, record(wanted), () -> CONTENT);

    assertThat(with).doesNotContain("canary").hasSizeGreaterThan(without.length() + 50);
    answers.recordEncoded(tenant, with);
    answers.recordEncoded(tenant, with);
    answers.recordEncoded(tenant, without);
    assertThat(answers.content(tenant, wanted)).contains(CONTENT);
    assertThat(answers.content(tenant, unwanted)).isEmpty();
    assertThat(trails.verify(tenant, Trail.ANSWERS))
        .isEqualTo(new Verdict.Intact(3, 3, trails.publicKey()));
  }

  @Test
  void retentionIsHalfAYearAtLeast() {
    assertThat(settings.of(tenant).retentionDays()).isEqualTo(183);
    assertThatThrownBy(() -> settings.set(tenant, new AuditSettings.Setting(182, false)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
