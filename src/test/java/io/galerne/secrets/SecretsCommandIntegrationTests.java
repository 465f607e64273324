package io.galerne.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.database.DataDirectory;
import io.galerne.database.TenantTransactions;
import io.galerne.database.TestDatabase;
import io.galerne.launch.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The platform's key is changed while a server seals and opens with it. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.MOCK)
@Import(TestDatabase.class)
class SecretsCommandIntegrationTests {
  private static final int TENANTS = 600;
  private static final String MEMBER =
      "insert into member (tenant_id, id, email, first_name, last_name, created_at)"
          + " values (?, ?, 'sealed@example.com', 'S', 'E', now())";

  @Autowired SecretBox box;
  @Autowired DataDirectory data;
  @Autowired TenantTransactions transactions;
  @Autowired JdbcClient jdbc;
  @Autowired JdbcConnectionDetails connection;

  private final List<UUID> tenants = new CopyOnWriteArrayList<>();

  private record Output(int exit, String text) {}

  private Output run(String... command) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text, true);
    String[] properties = {
      "--spring.datasource.url=" + connection.getJdbcUrl(),
      "--spring.datasource.username=" + connection.getUsername(),
      "--spring.datasource.password=" + connection.getPassword(),
      "--galerne.data-directory=" + data.dataDirectory()
    };
    int exit =
        SecretsCommand.run(
            new Terminal(out, out, Optional.empty()),
            Stream.concat(Arrays.stream(command), Arrays.stream(properties))
                .toArray(String[]::new));
    return new Output(exit, text.toString());
  }

  private static SealedPlace place(UUID tenant) {
    return new SealedPlace(tenant, tenant.toString(), "content_key.sealed");
  }

  private void seal() {
    UUID tenant = UUID.randomUUID();
    transactions.runInTenant(
        tenant,
        () ->
            jdbc.sql("insert into content_key (tenant_id, sealed) values (?, ?)")
                .params(tenant, box.seal("of " + tenant, place(tenant)))
                .update());
    tenants.add(tenant);
  }

  private byte[] sealed(UUID tenant) {
    return Objects.requireNonNull(
        transactions.inTenant(
            tenant,
            () ->
                jdbc.sql("select sealed from content_key where tenant_id = ?")
                    .param(tenant)
                    .query((row, _) -> row.getBytes(1))
                    .single()));
  }

  @Test
  void theKeyChangesWhileTheServerServes() throws Exception {
    for (int i = 0; i < TENANTS; i++) {
      seal();
    }
    String before = data.readSecret(KeyFile.NAME).orElseThrow();
    Output nothing = run("rotate");
    assertThat(nothing.exit()).as(nothing.text()).isZero();
    assertThat(nothing.text()).contains("0 values"); // there is no other key yet

    AtomicBoolean done = new AtomicBoolean();
    Output rotated;
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<?> writes =
          threads.submit(
              () -> {
                while (!done.get()) {
                  seal();
                }
              });
      Future<Integer> reads = threads.submit(() -> read(done));
      rotated = run("rotate", "--new-key");
      done.set(true);
      writes.get();
      assertThat(reads.get()).isGreaterThan(100);
    }
    assertThat(rotated.exit()).as(rotated.text()).isZero();
    assertThat(rotated.text()).contains("100 %", "the keys before it can go");
    assertThat(tenants).hasSizeGreaterThan(TENANTS);

    String after = data.readSecret(KeyFile.NAME).orElseThrow();
    assertThat(after).startsWith(before).isNotEqualTo(before);
    assertThat(run("rotate").exit()).isZero(); // what was sealed in the last moment
    assertThat(run("status").exit()).isZero();
    List<String> keys = after.lines().toList();
    SecretBox onlyNew = new SecretBox(new Keyring(List.of(keys.getLast())));
    SecretBox onlyOld = new SecretBox(new Keyring(List.of(before.lines().toList().getLast())));
    for (UUID tenant : tenants) {
      assertThat(onlyNew.openText(sealed(tenant), place(tenant))).isEqualTo("of " + tenant);
    }
    assertThatThrownBy(() -> onlyOld.open(sealed(tenants.getFirst()), place(tenants.getFirst())))
        .isInstanceOf(SealBrokenException.class); // the control: the key did change
  }

  private int read(AtomicBoolean done) {
    Random random = new Random(1);
    int count = 0;
    while (!done.get()) {
      UUID tenant = tenants.get(random.nextInt(tenants.size()));
      assertThat(box.openText(sealed(tenant), place(tenant))).isEqualTo("of " + tenant);
      count++;
    }
    return count;
  }

  @Test
  void everySealedColumnIsReached() {
    Set<String> sealed =
        Set.of(
            "content_key.sealed",
            "chat_key.sealed",
            "person_credential.totp_secret",
            "deployment.credential");
    UUID tenant = UUID.randomUUID();
    UUID row = UUID.randomUUID();
    Map<String, SealedPlace> places =
        Map.of(
            "chat_key.sealed", new SealedPlace(tenant, tenant.toString(), "chat_key.sealed"),
            "person_credential.totp_secret",
                new SealedPlace(tenant, row.toString(), "person_credential.totp_secret"),
            "deployment.credential",
                new SealedPlace(tenant, row.toString(), "deployment.credential"));
    transactions.runInTenant(tenant, () -> insert(tenant, row, places));
    long rowsBefore = platformRows();
    Output rotated = run("rotate", "--new-key");
    assertThat(rotated.exit()).as(rotated.text()).isZero();
    String status = run("status").text();
    sealed.forEach(column -> assertThat(status).contains(column + ": "));
    String newest = data.readSecret(KeyFile.NAME).orElseThrow().lines().toList().getLast();
    SecretBox onlyNew = new SecretBox(new Keyring(List.of(newest)));
    places.forEach(
        (column, place) ->
            assertThat(onlyNew.openText(sealed(tenant, column), place)).isEqualTo("in " + column));
    // the platform's trail has both ends of it
    assertThat(platformRows()).isEqualTo(rowsBefore + 2);
    // no replica is to try what only has a credential
    transactions.runInTenant(tenant, () -> jdbc.sql("delete from deployment").update());
    String details = lastOfPlatform();
    assertThat(details).contains("\"complete\":true").doesNotContain(newest);
  }

  private void insert(UUID tenant, UUID row, Map<String, SealedPlace> places) {
    jdbc.sql("insert into tenant values (?, 'Sealed', now(), 0)").param(tenant).update();
    jdbc.sql(MEMBER).params(tenant, row).update();
    jdbc.sql("insert into chat_key (tenant_id, sealed) values (?, ?)")
        .params(tenant, seal("chat_key.sealed", places))
        .update();
    jdbc.sql("insert into person_credential (tenant_id, member_id, totp_secret) values (?, ?, ?)")
        .params(tenant, row, seal("person_credential.totp_secret", places))
        .update();
    jdbc.sql(
            """
            insert into deployment (tenant_id, id, name, spec, credential, created_at, updated_at)
            values (?, ?, 'sealed', '{"name": "sealed", "model": "m", "aliases": [],
              "description": "", "remote": {"urls": ["https://a.example"], "model": "m",
                "dialect": "OPENAI", "vocabulary": "v", "context_tokens": 9, "requests_max": 1},
              "stopped": true}', ?, now(), now())
            """)
        .params(tenant, row, seal("deployment.credential", places))
        .update();
  }

  private byte[] seal(String column, Map<String, SealedPlace> places) {
    return box.seal("in " + column, Objects.requireNonNull(places.get(column)));
  }

  private byte[] sealed(UUID tenant, String column) {
    String[] parts = column.split("\\.", -1);
    return Objects.requireNonNull(
        transactions.inTenant(
            tenant,
            () ->
                jdbc.sql("select %s from %s".formatted(parts[1], parts[0]))
                    .query((row, _) -> row.getBytes(1))
                    .single()));
  }

  private long platformRows() {
    return transactions.inTenant(
        new UUID(0, 0),
        () -> jdbc.sql("select count(*) from audit_event").query(Long.class).single());
  }

  private String lastOfPlatform() {
    return transactions.inTenant(
        new UUID(0, 0),
        () ->
            jdbc.sql("select details from audit_event order by seq desc limit 1")
                .query(String.class)
                .single());
  }

  @Test
  void keysThatAreConfiguredAreNotAddedToAFile() {
    Output refused = run("rotate", "--new-key", "--galerne.secrets.keys=" + "ab".repeat(32));
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.text()).contains("galerne.secrets.keys is set").doesNotContain("abab");
  }

  @Test
  void helpAndMistakesAreTold() {
    assertThat(run("rotate", "--help").text()).contains("--new-key");
    assertThat(run("nonsense").exit()).isEqualTo(2);
    assertThat(run("rotate", "--new-kye").text()).contains("neither an option nor a property");
  }
}
