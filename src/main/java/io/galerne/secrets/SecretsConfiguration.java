package io.galerne.secrets;

import io.galerne.database.DataDirectory;
import java.util.HexFormat;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class SecretsConfiguration {
  private static final Logger log = LoggerFactory.getLogger(SecretsConfiguration.class);
  private static final String FILE = "secret-keys";

  @Bean
  SecretBox secretBox(SecretsProperties properties, DataDirectory data) {
    return new SecretBox(new Keyring(properties.keys().isEmpty() ? kept(data) : properties.keys()));
  }

  private static List<String> kept(DataDirectory data) {
    return data.readSecret(FILE)
        .map(text -> text.lines().filter(line -> !line.isBlank()).toList())
        .orElseGet(
            () -> {
              String fresh = HexFormat.of().formatHex(AesGcm.newKey());
              data.writeSecret(FILE, fresh);
              log.info("made {}; without this file nothing sealed opens", data.file(FILE));
              return List.of(fresh);
            });
  }
}
