package io.galerne.secrets;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of secrets at rest.
 *
 * @param keys key-encryption keys of 64 hexadecimal digits; the last seals, all of them open.
 *     Instances that share a database must share them; without any, one is made and kept in the
 *     data directory.
 */
@ConfigurationProperties("galerne.secrets")
record SecretsProperties(@DefaultValue List<String> keys) {
  SecretsProperties {
    keys = List.copyOf(keys);
  }

  @Override
  public String toString() {
    return "SecretsProperties[not shown]";
  }
}
