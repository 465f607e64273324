package io.galerne.outbound;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/**
 * A client that follows no redirect, keeps no cookie, knows no proxy of the environment, tries
 * nothing twice, and connects only where {@link AddressRules} allow.
 */
public final class OutboundHttp implements AutoCloseable {
  private static final Duration IDLE_CONNECTION = Duration.ofSeconds(30);

  private final CloseableHttpClient client;
  private final CallTrace trace;

  /**
   * How long to wait.
   *
   * @param connect for a connection
   * @param silence between two bytes of an answer
   */
  public record Timeouts(Duration connect, Duration silence) {}

  /**
   * @param connectionsMax to one host, and in all
   */
  public OutboundHttp(AddressRules rules, Timeouts timeouts, int connectionsMax) {
    this(rules, timeouts, connectionsMax, CallTrace.NONE);
  }

  /** As {@link #OutboundHttp(AddressRules, Timeouts, int)}, with somebody who follows the calls. */
  public OutboundHttp(AddressRules rules, Timeouts timeouts, int connectionsMax, CallTrace trace) {
    this(rules, timeouts, connectionsMax, SystemDefaultDnsResolver.INSTANCE, trace);
  }

  OutboundHttp(
      AddressRules rules,
      Timeouts timeouts,
      int connectionsMax,
      DnsResolver names,
      CallTrace trace) {
    this.trace = trace;
    Timeout connect = Timeout.of(timeouts.connect());
    Timeout silence = Timeout.of(timeouts.silence());
    client =
        HttpClients.custom()
            .setConnectionManager(
                PoolingHttpClientConnectionManagerBuilder.create()
                    .setDnsResolver(new CheckedResolver(names, rules))
                    .setMaxConnPerRoute(connectionsMax)
                    .setMaxConnTotal(connectionsMax)
                    .setDefaultConnectionConfig(
                        ConnectionConfig.custom()
                            .setConnectTimeout(connect)
                            .setSocketTimeout(silence)
                            .setValidateAfterInactivity(Timeout.ofSeconds(1))
                            .build())
                    .build())
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setConnectionRequestTimeout(connect)
                    .setResponseTimeout(silence)
                    .build())
            .evictIdleConnections(Timeout.of(IDLE_CONNECTION))
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableCookieManagement()
            .disableAuthCaching()
            .disableContentCompression()
            .setUserAgent("galerne")
            .build();
  }

  /** Sends JSON and returns as soon as the answer's head is there. The caller closes the answer. */
  public OutboundResponse post(URI url, Map<String, String> headers, byte[] json)
      throws IOException {
    HttpPost request = new HttpPost(url);
    request.setEntity(new ByteArrayEntity(json, ContentType.APPLICATION_JSON));
    return send(request, url, headers);
  }

  /** Asks for a page. The caller closes the answer. */
  public OutboundResponse get(URI url, Map<String, String> headers) throws IOException {
    return send(new HttpGet(url), url, headers);
  }

  private OutboundResponse send(HttpUriRequestBase request, URI url, Map<String, String> headers)
      throws IOException {
    headers.forEach(request::setHeader);
    CallTrace.Call call = trace.begin(request.getMethod(), url, request::setHeader);
    String name = url.getHost().replaceFirst("^\\[(.*)]$", "$1"); // IPv6 comes in brackets
    HttpHost host = new HttpHost(url.getScheme(), name, url.getPort());
    try {
      ClassicHttpResponse response = client.executeOpen(host, request, null);
      call.answered(response.getCode());
      return new OutboundResponse(request, response, call);
    } catch (IOException e) {
      call.failed(e);
      throw e;
    }
  }

  @Override
  public void close() {
    client.close(CloseMode.IMMEDIATE);
  }
}
