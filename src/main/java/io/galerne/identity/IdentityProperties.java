package io.galerne.identity;

import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of identity.
 *
 * @param pepper the secret that key hashes depend on, 32 characters or more. Instances that share a
 *     database must share it; without it one is made and kept in the data directory.
 * @param operatorKey a key of the platform's operator, as {@code galerne operator-key} makes it;
 *     without it one is made if there is none, and left in the data directory
 * @param trustedProxies addresses or CIDR blocks of proxies whose {@code X-Forwarded-For} is
 *     believed; none unless set
 */
@Validated
@ConfigurationProperties("galerne.identity")
record IdentityProperties(
    @Nullable @Size(min = 32, max = 1024) String pepper,
    @Nullable @Pattern(regexp = "gal_operator_[0-9A-Za-z]{38}") String operatorKey,
    @DefaultValue List<String> trustedProxies) {
  @Override
  public String toString() {
    return "IdentityProperties[not shown]";
  }
}
