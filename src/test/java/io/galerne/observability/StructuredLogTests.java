package io.galerne.observability;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.logging.logback.StructuredLogEncoder;
import org.springframework.core.env.Environment;
import org.springframework.mock.env.MockEnvironment;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A line as the chart's pods write it. */
class StructuredLogTests {
  @Test
  void aLineNamesTraceAndRequest() {
    LoggerContext context = new LoggerContext();
    context.putObject(Environment.class.getName(), new MockEnvironment());
    StructuredLogEncoder encoder = new StructuredLogEncoder();
    encoder.setContext(context);
    encoder.setFormat("ecs");
    encoder.start();
    LoggingEvent event = new LoggingEvent();
    event.setLoggerContext(context);
    event.setLoggerName("a.logger");
    event.setLevel(Level.WARN);
    event.setMessage("something");
    event.setTimeStamp(0);
    event.setThreadName("a-thread");
    event.setMDCPropertyMap(Map.of("traceId", "0af7", LoggedRequestId.FIELD, "1234"));

    String line = new String(encoder.encode(event), StandardCharsets.UTF_8);

    JsonNode json = new JsonMapper().readTree(line);
    assertThat(json.get("traceId").asString()).as(line).isEqualTo("0af7");
    assertThat(json.at("/request/id").asString()).as(line).isEqualTo("1234");
  }
}
