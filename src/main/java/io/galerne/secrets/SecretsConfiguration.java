package io.galerne.secrets;

import io.galerne.database.DataDirectory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class SecretsConfiguration {
  @Bean
  SecretBox secretBox(SecretsProperties properties, DataDirectory data) {
    return properties.keys().isEmpty()
        ? new SecretBox(new KeyFile(data))
        : new SecretBox(new Keyring(properties.keys()));
  }
}
