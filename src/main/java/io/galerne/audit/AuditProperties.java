package io.galerne.audit;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the audit trail.
 *
 * @param privateKey Ed25519, PKCS #8 in Base64. Instances that share a database must share it;
 *     without it one is made and kept in the data directory.
 * @param publicKey that belongs to it, X.509 in Base64
 * @param checkpointEvery how often trails that grew are signed
 * @param anchorFile a file that each checkpoint is added to, best on another machine
 * @param anchorUrl where each checkpoint is posted to as JSON
 */
@ConfigurationProperties("galerne.audit")
record AuditProperties(
    @Nullable String privateKey,
    @Nullable String publicKey,
    @DefaultValue("5m") Duration checkpointEvery,
    @Nullable Path anchorFile,
    @Nullable URI anchorUrl) {
  AuditProperties {
    if ((privateKey == null) != (publicKey == null)) {
      throw new IllegalArgumentException(
          "galerne.audit.private-key and galerne.audit.public-key belong together");
    }
  }

  @Override
  public String toString() {
    return "AuditProperties[not shown]";
  }
}
