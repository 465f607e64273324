package io.galerne.bench;

import com.sun.management.OperatingSystemMXBean;
import io.galerne.GalerneApplication;
import io.galerne.serving.ScriptedHeadStart;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;
import org.HdrHistogram.Histogram;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What a request costs beside inference: the whole application on its embedded PostgreSQL with
 * fsync, and an engine that answers at once. The same load on a file that needs no key is the cost
 * of HTTP itself. Client and server share the machine's cores.
 */
final class PlatformBenchmark {
  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private static final int[] RATES = {50, 100, 200, 300};
  private static final int PROFILED_RATE = 200;
  private static final int WARM_UP_SECONDS = 20;
  private static final int SECONDS = 10;
  private static final String BODY =
      "{\"model\":\"mistral-small\",\"max_tokens\":8,"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"What is the best French cheese?\"}]}";

  /** Whose work a sample is: that of the innermost frame which is of one of these packages. */
  private static final List<String> OWNERS =
      List.of(
          "io.galerne.bench",
          "io.galerne",
          "org.postgresql",
          "com.zaxxer",
          "org.springframework.security",
          "org.springframework.web",
          "org.springframework.jdbc",
          "org.springframework.transaction",
          "org.springframework.orm",
          "org.springframework",
          "tools.jackson",
          "org.apache",
          "io.micrometer");

  private PlatformBenchmark() {}

  static void run(Path results) throws IOException, InterruptedException {
    Path data = Files.createTempDirectory(results, "platform-");
    SpringApplication application = new SpringApplication(GalerneApplication.class);
    application.addInitializers(new ScriptedHeadStart(InstantEngine::new));
    StringBuilder report = new StringBuilder();
    try (ConfigurableApplicationContext context =
        application.run("--server.port=0", "--galerne.data-directory=" + data)) {
      int port =
          Integer.parseInt(
              Objects.requireNonNull(context.getEnvironment().getProperty("local.server.port")));
      String key = Files.readString(data.resolve("demo-key")).strip();
      ConstantRate chat = new ConstantRate(port, chat(key));
      ConstantRate file =
          new ConstantRate(port, "GET /shell/mark.svg HTTP/1.1\r\nHost: localhost\r\n\r\n");
      chat.run(100, WARM_UP_SECONDS);
      file.run(100, 5);
      Path recording = results.resolve("platform.jfr");
      JdbcClient database = context.getBean(JdbcClient.class);
      for (int rate : RATES) {
        measure(report, "file", rate, file);
        try (Recording flight = new Recording()) {
          flight.enable("jdk.ExecutionSample").withPeriod(Duration.ofMillis(10));
          flight.start();
          long before = commits(database);
          measure(report, "chat", rate, chat);
          report.append(
              "  %.1f commits for each%n"
                  .formatted((double) (commits(database) - before) / (rate * SECONDS)));
          if (rate == PROFILED_RATE) {
            flight.dump(recording);
          }
        }
      }
      report.append(profile(recording));
    }
    Files.writeString(results.resolve("platform.txt"), report);
    System.out.print(report);
  }

  /** The statistics of a connection that is at work come late; those of an idle one are there. */
  private static long commits(JdbcClient database) throws InterruptedException {
    TimeUnit.SECONDS.sleep(2);
    return database
        .sql("select xact_commit from pg_stat_database where datname = current_database()")
        .query(Long.class)
        .single();
  }

  private static String chat(String key) {
    return """
    POST /v1/chat/completions HTTP/1.1\r
    Host: localhost\r
    Authorization: Bearer %s\r
    Content-Type: application/json\r
    Content-Length: %d\r
    \r
    %s\
    """
        .formatted(key, BODY.length(), BODY);
  }

  /** Latencies, and the time of processors that this process took: the client's part as well. */
  private static void measure(StringBuilder report, String what, int rate, ConstantRate load)
      throws InterruptedException {
    long before = PROCESS.getProcessCpuTime();
    Histogram nanos = load.run(rate, SECONDS);
    double processor = (PROCESS.getProcessCpuTime() - before) / 1e6 / (rate * SECONDS);
    line(report, what, rate, nanos);
    report.append("  %.2f ms of a processor for each%n".formatted(processor));
  }

  private static void line(StringBuilder report, String what, int rate, Histogram nanos) {
    report.append(
        "%s at %d/s: p50 %.2f ms, p90 %.2f ms, p99 %.2f ms, max %.1f ms%n"
            .formatted(
                what,
                rate,
                nanos.getValueAtPercentile(50) / 1e6,
                nanos.getValueAtPercentile(90) / 1e6,
                nanos.getValueAtPercentile(99) / 1e6,
                nanos.getMaxValue() / 1e6));
  }

  private static String profile(Path recording) throws IOException {
    Map<String, Integer> samples = new HashMap<>();
    int all = 0;
    for (RecordedEvent event : RecordingFile.readAllEvents(recording)) {
      if (event.getEventType().getName().equals("jdk.ExecutionSample")
          && event.getStackTrace() != null) {
        samples.merge(owner(event.getStackTrace().getFrames()), 1, Integer::sum);
        all++;
      }
    }
    StringBuilder text = new StringBuilder("samples of Java code: " + all + "\n");
    int total = Math.max(1, all);
    samples.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .forEach(
            entry ->
                text.append(
                    "%5.1f %% %s%n".formatted(100.0 * entry.getValue() / total, entry.getKey())));
    return text.toString();
  }

  private static String owner(List<RecordedFrame> frames) {
    for (RecordedFrame frame : frames) {
      String type = frame.getMethod().getType().getName();
      for (String owner : OWNERS) {
        if (type.startsWith(owner)) {
          return owner;
        }
      }
    }
    return "the JDK's own threads";
  }
}
