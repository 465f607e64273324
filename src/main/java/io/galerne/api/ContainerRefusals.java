package io.galerne.api;

import io.galerne.identity.RequestIds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * Requests that the container refuses before any application sees them, such as a path with an
 * encoded slash, or what is no HTTP at all: it would answer with a page of HTML.
 */
@Configuration(proxyBeanMethods = false)
class ContainerRefusals {
  private static final Logger log = LoggerFactory.getLogger(ContainerRefusals.class);

  /** Of the kernel's memory for a client that doesn't read; it would take up to 4 MiB. */
  private static final String SEND_BUFFER_BYTES = "262144";

  /** Last, so that it sits within the container's own reporter and speaks first. */
  @Bean
  @Order(Ordered.LOWEST_PRECEDENCE)
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> apiErrorReports(JsonMapper mapper) {
    return factory ->
        factory.addContextCustomizers(
            context -> context.getParent().getPipeline().addValve(new EnvelopeValve(mapper)));
  }

  /** First of all, so that what others set of the connector is set on ours. */
  @Bean
  @Order(Ordered.HIGHEST_PRECEDENCE)
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> headDeadlines(
      ApiProperties properties) {
    return factory -> {
      factory.setProtocol(HeadDeadlineProtocol.class.getName());
      factory.addConnectorCustomizers(
          connector -> {
            if (connector.getProtocolHandler() instanceof HeadDeadlineProtocol protocol) {
              protocol.setHeadTimeMax(properties.headTimeMax());
              protocol.setProperty("socket.txBufSize", SEND_BUFFER_BYTES);
            }
          });
    };
  }

  private static final class EnvelopeValve extends ErrorReportValve {
    private final JsonMapper mapper;

    EnvelopeValve(JsonMapper mapper) {
      this.mapper = mapper;
      setAsyncSupported(true);
    }

    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
      if (response.getStatus() < 400
          || response.getContentWritten() > 0
          || !response.setErrorReported()) {
        return;
      }
      int refusal = ContainerStatus.of(request.getCoyoteRequest(), response.getStatus());
      response.setStatus(refusal);
      HttpStatus status = HttpStatus.resolve(refusal);
      String reason = status == null ? "Error" : status.getReasonPhrase();
      String type = refusal < 500 ? ErrorEnvelope.INVALID_REQUEST : ErrorEnvelope.SERVER_ERROR;
      RequestIds.announceNew(response);
      response.setContentType(MediaType.APPLICATION_JSON_VALUE);
      response.setCharacterEncoding(StandardCharsets.UTF_8);
      try {
        response.getReporter().write(mapper.writeValueAsString(new ErrorEnvelope(reason, type)));
      } catch (IOException e) {
        log.debug("The client left before it was refused: {}", e.toString());
      }
    }
  }
}
