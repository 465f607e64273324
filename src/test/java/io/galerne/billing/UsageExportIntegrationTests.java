package io.galerne.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.galerne.database.TestDatabase;
import io.galerne.identity.ApiKeyService;
import io.galerne.identity.Caller;
import io.galerne.identity.TenantRegistry;
import io.galerne.metering.ServiceClass;
import io.galerne.metering.ServiceKind;
import io.galerne.metering.TokenCounts;
import io.galerne.metering.UsageLedger;
import io.galerne.metering.UsageRecord;
import io.galerne.metering.UsageSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Against a real HTTP server that fails, hangs up, forgets to answer, and comes back. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.MOCK)
@Import(TestDatabase.class)
class UsageExportIntegrationTests {
  @Autowired UsageLedger ledger;
  @Autowired JdbcClient jdbc;
  @Autowired PlatformTransactionManager transactionManager;
  @Autowired JsonMapper json;
  @Autowired TenantRegistry registry;
  @Autowired ApiKeyService keys;

  private final Map<String, JsonNode> counted = new ConcurrentHashMap<>();
  private final List<Long> sequences = new CopyOnWriteArrayList<>();
  private final AtomicInteger requests = new AtomicInteger();
  private volatile boolean down;
  private volatile boolean moody;
  private HttpServer server;
  private Caller caller;

  @BeforeEach
  void setUp() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v2/billing/meter_events", this::receive);
    server.createContext("/moved", exchange -> redirect(exchange));
    server.start();
    UUID tenant = UUID.randomUUID();
    UUID workspace = UUID.randomUUID();
    registry.registerTenant(tenant, "T");
    registry.registerWorkspace(tenant, workspace, "W");
    caller = new Caller(tenant, workspace, keys.issue(tenant, workspace, "k", null).id());
  }

  @AfterEach
  void tearDown() {
    server.stop(0);
    jdbc.sql("update usage_export set enabled = false").update();
  }

  /** As a billing system does it: an identifier that was seen is not counted again. */
  private void receive(HttpExchange exchange) throws IOException {
    int request = requests.incrementAndGet();
    JsonNode event = json.readTree(exchange.getRequestBody().readAllBytes());
    if (down || (moody && request % 5 == 0)) {
      exchange.sendResponseHeaders(request % 2 == 0 ? 503 : 429, -1);
      exchange.close();
      return;
    }
    if (event.path("payload").path("model").asString().equals("refused")) {
      exchange.sendResponseHeaders(422, -1);
      exchange.close();
      return;
    }
    if (counted.put(event.path("identifier").asString(), event) == null) {
      sequences.add(event.path("payload").path("sequence").asLong());
    }
    if (moody && request % 7 == 0) {
      exchange.close(); // counted, but the sender never hears of it
      return;
    }
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }

  private void redirect(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().add("Location", address("/v2/billing/meter_events").toString());
    exchange.sendResponseHeaders(307, -1);
    exchange.close();
  }

  private URI address(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  private UsageExport replica(String path) {
    MeterSink sink = new MeterSink(address(path), "token", "galerne_usage");
    UsageExport export =
        new UsageExport(jdbc, transactionManager, json, sink, new SimpleMeterRegistry());
    export.enable();
    return export;
  }

  private UUID use(String model) {
    Instant now = Instant.now();
    UUID id = UUID.randomUUID();
    ledger.record(
        new UsageRecord(
            id,
            caller,
            new UsageSource(
                ServiceKind.CHAT, ServiceClass.REALTIME, true, model, "mistral-medium", "d", null),
            new TokenCounts(100, 10, 20),
            UsageRecord.Outcome.STOP,
            now,
            now));
    return id;
  }

  private int sendAsFarAsItGoes(UsageExport export) {
    try {
      return export.send();
    } catch (MeterSink.Unavailable e) {
      return -1;
    }
  }

  @Test
  void everyLineIsCountedOnceThoughTheReceiverFails() throws Exception {
    UsageExport first = replica("/v2/billing/meter_events");
    UsageExport second = replica("/v2/billing/meter_events");
    down = true;
    List<String> used =
        IntStream.range(0, 120).mapToObj(_ -> use("mistral-medium").toString()).toList();
    assertThatThrownBy(first::send).isInstanceOf(MeterSink.Unavailable.class);
    assertThat(counted).isEmpty();

    down = false;
    moody = true;
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      for (int round = 0; round < 100 && counted.size() < used.size(); round++) {
        for (Future<Integer> done :
            threads.invokeAll(
                List.<Callable<Integer>>of(
                    () -> sendAsFarAsItGoes(first), () -> sendAsFarAsItGoes(second)))) {
          done.get();
        }
      }
    }
    moody = false;
    while (sendAsFarAsItGoes(first) != 0) {
      assertThat(requests.get()).isLessThan(10_000);
    }

    assertThat(counted.keySet()).containsExactlyInAnyOrderElementsOf(used);
    assertThat(sequences).isSorted().hasSize(120);
    assertThat(sequences.getLast() - sequences.getFirst()).isEqualTo(119);
    assertThat(requests.get()).isGreaterThan(120); // it did fail, and it was told again
    JsonNode event = Objects.requireNonNull(counted.get(used.getFirst()));
    assertThat(event.path("event_name").asString()).isEqualTo("galerne_usage");
    assertThat(event.path("payload").path("stripe_customer_id").asString())
        .isEqualTo(caller.tenantId().toString());
    // 90 at 2.5, 10 at 0.25 and 20 at 7.5 units per million
    assertThat(event.path("payload").path("value").asString()).isEqualTo("378");
  }

  @Test
  void anEventThatIsRefusedDoesNotStopTheOthers() throws Exception {
    UsageExport export = replica("/v2/billing/meter_events");
    use("refused");
    UUID good = use("mistral-medium");
    export.send();
    assertThat(counted.keySet()).containsExactly(good.toString());
    assertThat(export.send()).isZero();
  }

  @Test
  void redirectsAreNotFollowed() {
    UsageExport export = replica("/moved");
    use("mistral-medium");
    assertThatThrownBy(export::send)
        .isInstanceOf(MeterSink.Unavailable.class)
        .hasMessageContaining("307");
    assertThat(counted).isEmpty();
  }

  @Test
  void nothingIsPutAsideWhileNobodyListens() {
    jdbc.sql("update usage_export set enabled = false").update();
    use("mistral-medium");
    UsageExport export =
        new UsageExport(
            jdbc, transactionManager, json, (MeterSink) null, new SimpleMeterRegistry());
    assertThat(sendAsFarAsItGoes(export)).isZero();
    assertThat(sendAsFarAsItGoes(replica("/v2/billing/meter_events"))).isZero();
  }

  @Test
  void pausesGrowAndEnd() {
    assertThat(UsageExport.backoff(0)).isBetween(Duration.ofMillis(250), Duration.ofMillis(500));
    assertThat(UsageExport.backoff(5)).isBetween(Duration.ofSeconds(8), Duration.ofSeconds(16));
    assertThat(UsageExport.backoff(500)).isBetween(Duration.ofSeconds(150), Duration.ofMinutes(5));
  }

  @Test
  void onlyAddressesThatMakeSenseAreTaken() {
    for (String url : List.of("file:///etc/passwd", "gopher://x", "http://u:p@host/", "http:///")) {
      assertThatThrownBy(
              () ->
                  new BillingProperties(
                      Duration.ofHours(1), true, URI.create(url), null, "galerne_usage"))
          .as(url)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
