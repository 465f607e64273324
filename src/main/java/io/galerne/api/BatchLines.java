package io.galerne.api;

import io.galerne.batch.LineAnswer;
import io.galerne.batch.LineAnswers;
import io.galerne.batch.LineRequest;
import io.galerne.identity.RequestIds;
import io.galerne.metering.ServiceClass;
import io.galerne.metering.UsageLedger;
import io.galerne.metering.UsageRecord;
import io.galerne.serving.Terms;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Answers lines of batches by the endpoints that they name. */
@Component
class BatchLines implements LineAnswers {
  private static final Logger log = LoggerFactory.getLogger(BatchLines.class);

  private final Map<String, LineEndpoint> byPath = new TreeMap<>();
  private final RequestBodies bodies;
  private final JsonMapper mapper;

  BatchLines(List<LineEndpoint> endpoints, RequestBodies bodies, JsonMapper mapper) {
    endpoints.forEach(endpoint -> byPath.put(endpoint.path(), endpoint));
    this.bodies = bodies;
    this.mapper = mapper;
  }

  /** Keeps what goes into the ledger with the answer. */
  private static final class KeptUsage implements UsageLedger {
    private @Nullable UsageRecord usage;

    @Override
    public void record(UsageRecord usage) {
      this.usage = usage;
    }
  }

  @Override
  public Set<String> endpoints() {
    return Collections.unmodifiableSet(byPath.keySet());
  }

  @Override
  public LineAnswer answer(LineRequest request) {
    KeptUsage kept = new KeptUsage();
    try {
      Object body = answer(request, new Terms(ServiceClass.BATCH, kept));
      return new LineAnswer(200, mapper.writeValueAsString(body), kept.usage);
    } catch (ApiException e) {
      return new LineAnswer(e.status().value(), mapper.writeValueAsString(e.body()), kept.usage);
    } catch (RuntimeException e) {
      log.error("Line {} of a batch failed", request.requestId(), e);
      ErrorEnvelope internal = ErrorEnvelope.internal(RequestIds.of(request.requestId()));
      return new LineAnswer(500, mapper.writeValueAsString(internal), kept.usage);
    }
  }

  private Object answer(LineRequest request, Terms terms) {
    LineEndpoint endpoint = byPath.get(request.endpoint());
    if (endpoint == null) {
      throw ApiException.badRequest(
          ErrorEnvelope.unsupported("endpoint", "the value " + request.endpoint()));
    }
    JsonNode body = bodies.parse(request.body().getBytes(StandardCharsets.UTF_8));
    if (request.model() != null && body instanceof ObjectNode fields) {
      JsonNode own = fields.get("model");
      if (own == null || own.isNull()) {
        fields.put("model", request.model());
      }
    }
    return endpoint.answer(body, request.caller(), request.requestId(), terms);
  }
}
