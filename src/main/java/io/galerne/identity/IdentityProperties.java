package io.galerne.identity;

import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of identity.
 *
 * @param pepper the secret that key hashes depend on, 32 characters or more. Instances that share a
 *     database must share it; without it one is made and kept in the data directory.
 */
@Validated
@ConfigurationProperties("galerne.identity")
record IdentityProperties(@Nullable @Size(min = 32, max = 1024) String pepper) {
  @Override
  public String toString() {
    return "IdentityProperties[not shown]";
  }
}
