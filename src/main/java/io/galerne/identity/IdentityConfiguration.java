package io.galerne.identity;

import io.galerne.database.DataDirectory;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class IdentityConfiguration {
  private static final Logger log = LoggerFactory.getLogger(IdentityConfiguration.class);
  private static final String PEPPER_FILE = "key-pepper";
  private static final int PEPPER_BYTES = 32;

  @Bean
  KeyHasher keyHasher(IdentityProperties properties, DataDirectory data) {
    String configured = properties.pepper();
    return new KeyHasher(configured == null ? keptPepper(data) : configured);
  }

  private static String keptPepper(DataDirectory data) {
    return data.readSecret(PEPPER_FILE)
        .orElseGet(
            () -> {
              byte[] bytes = new byte[PEPPER_BYTES];
              new SecureRandom().nextBytes(bytes);
              String fresh = HexFormat.of().formatHex(bytes);
              data.writeSecret(PEPPER_FILE, fresh);
              log.info("made {}; without this file no API key works", data.file(PEPPER_FILE));
              return fresh;
            });
  }
}
