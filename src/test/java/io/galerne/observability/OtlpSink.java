package io.galerne.observability;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** A collector that keeps what it gets, and can be made to fail. */
final class OtlpSink {
  private final HttpServer server;
  private final List<Seen> spans = new CopyOnWriteArrayList<>();
  private final Set<String> metrics = ConcurrentHashMap.newKeySet();
  private final AtomicInteger refused = new AtomicInteger();
  private volatile boolean away;

  /** A span, with ids in hexadecimal digits. */
  record Seen(
      String trace,
      String id,
      String parent,
      String name,
      Span.SpanKind kind,
      long startNanos,
      long endNanos,
      Map<String, String> attributes,
      String everything) {}

  OtlpSink() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/traces", this::traces);
    server.createContext("/v1/metrics", this::metrics);
    server.start();
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  /** From now on nothing is taken, or is again. */
  void away(boolean now) {
    away = now;
  }

  int refused() {
    return refused.get();
  }

  List<Seen> ofTrace(String trace) {
    return spans.stream().filter(span -> span.trace().equals(trace)).toList();
  }

  Optional<Seen> find(String trace, String name) {
    return ofTrace(trace).stream().filter(span -> span.name().equals(name)).findFirst();
  }

  Set<String> metricNames() {
    return Set.copyOf(metrics);
  }

  private void traces(HttpExchange exchange) throws IOException {
    try (exchange) {
      var request = ExportTraceServiceRequest.parseFrom(exchange.getRequestBody());
      if (away) {
        refused.incrementAndGet();
        exchange.sendResponseHeaders(400, -1);
        return;
      }
      request.getResourceSpansList().stream()
          .flatMap(resource -> resource.getScopeSpansList().stream())
          .flatMap(scope -> scope.getSpansList().stream())
          .map(OtlpSink::seen)
          .forEach(spans::add);
      exchange.sendResponseHeaders(200, -1);
    }
  }

  private void metrics(HttpExchange exchange) throws IOException {
    try (exchange) {
      ExportMetricsServiceRequest.parseFrom(exchange.getRequestBody())
          .getResourceMetricsList()
          .stream()
          .flatMap(resource -> resource.getScopeMetricsList().stream())
          .flatMap(scope -> scope.getMetricsList().stream())
          .forEach(metric -> metrics.add(metric.getName()));
      exchange.sendResponseHeaders(200, -1);
    }
  }

  private static Seen seen(Span span) {
    return new Seen(
        hex(span.getTraceId()),
        hex(span.getSpanId()),
        hex(span.getParentSpanId()),
        span.getName(),
        span.getKind(),
        span.getStartTimeUnixNano(),
        span.getEndTimeUnixNano(),
        span.getAttributesList().stream()
            .collect(Collectors.toMap(KeyValue::getKey, each -> text(each.getValue()))),
        span.toString());
  }

  private static String text(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case INT_VALUE -> String.valueOf(value.getIntValue());
      case DOUBLE_VALUE -> String.valueOf(value.getDoubleValue());
      case BOOL_VALUE -> String.valueOf(value.getBoolValue());
      case ARRAY_VALUE ->
          value.getArrayValue().getValuesList().stream()
              .map(OtlpSink::text)
              .collect(Collectors.joining(","));
      default -> throw new IllegalArgumentException("a value of kind " + value.getValueCase());
    };
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}
