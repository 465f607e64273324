package io.galerne.billing;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of billing; they are the operator's, no request can change them.
 *
 * @param grace how long after a month its invoices stay open for lines that come late; longer than
 *     any transaction takes
 * @param autoClose whether months are closed without being asked
 * @param exportUrl where lines of the ledger are sent, one JSON event in each request; without it
 *     they are not. Redirects are not followed.
 * @param exportToken sent as a bearer token
 * @param exportEvent the name of the events
 */
@Validated
@ConfigurationProperties("galerne.billing")
public record BillingProperties(
    @DefaultValue("1h") Duration grace,
    @DefaultValue("true") boolean autoClose,
    @Nullable URI exportUrl,
    @Nullable String exportToken,
    @DefaultValue("galerne_usage") String exportEvent) {
  public BillingProperties {
    if (grace.compareTo(Duration.ofMinutes(10)) < 0) {
      throw new IllegalArgumentException("galerne.billing.grace is shorter than 10 minutes");
    }
    if (exportUrl != null
        && (!("https".equals(exportUrl.getScheme()) || "http".equals(exportUrl.getScheme()))
            || exportUrl.getHost() == null
            || exportUrl.getUserInfo() != null)) {
      throw new IllegalArgumentException(
          "galerne.billing.export-url is no http or https address without a user");
    }
  }

  @Override
  public String toString() {
    return "BillingProperties[grace=" + grace + ", autoClose=" + autoClose + ", export not shown]";
  }
}
