package io.galerne.audit;

import io.galerne.database.DataDirectory;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class AuditConfiguration {
  private static final Logger log = LoggerFactory.getLogger(AuditConfiguration.class);
  private static final String FILE = "audit-key";

  @Bean
  Signer auditSigner(AuditProperties properties, DataDirectory data) {
    if (properties.privateKey() != null && properties.publicKey() != null) {
      return new Signer(properties.privateKey(), properties.publicKey());
    }
    List<String> kept = data.readSecret(FILE).map(text -> text.lines().toList()).orElse(List.of());
    if (kept.size() == 2) {
      return new Signer(kept.get(0), kept.get(1));
    }
    String[] fresh = Signer.freshKeys();
    data.writeSecret(FILE, String.join("\n", fresh));
    log.info("made {}; the audit trail is signed with {}", data.file(FILE), fresh[1]);
    return new Signer(fresh[0], fresh[1]);
  }
}
