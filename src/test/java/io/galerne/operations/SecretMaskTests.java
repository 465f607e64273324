package io.galerne.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.env.ConfigTreePropertySource;

class SecretMaskTests {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "spring.datasource.password",
        "SPRING_DATASOURCE_PASSWORD",
        "galerne.identity.operatorKey",
        "galerne.identity.key-pepper",
        "galerne.secrets.sealing-keys[0]",
        "galerne.audit.private",
        "spring.security.oauth2.client.registration.company.client-secret",
        "galerne.billing.export.token"
      })
  void whatIsCalledLikeASecretIsMasked(String name) {
    assertThat(SecretMask.of(name, "hunter2", null)).isEqualTo(SecretMask.MASK);
  }

  /** The control: what is no secret can be read. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "galerne.engine.step-tokens-max",
        "galerne.limits.block-tokens",
        "server.port",
        "galerne.sign-in.attempts-per-account"
      })
  void whatIsNoneIsShown(String name) {
    assertThat(SecretMask.of(name, "512", null)).isEqualTo("512");
  }

  @ParameterizedTest
  @CsvSource({
    "jdbc:postgresql://ada:pw@db:5432/galerne, pw",
    "jdbc:postgresql://db/galerne?user=ada&password=pw7, pw7",
    "https://token123@host/path, token123",
    "sk-abcdefghijklmnop1234, abcdefghijklmnop"
  })
  void addressesLoseWhatTheyCarry(String value, String secret) {
    assertThat(SecretMask.of("spring.datasource.url", value, null))
        .doesNotContain(secret)
        .contains(SecretMask.MASK);
  }

  /** Wherever secrets are mounted, all is one. */
  @Test
  void whatComesFromMountedSecretsIsMasked(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("plain"), "value");
    var mounted = new ConfigTreePropertySource("mounted", folder);
    assertThat(SecretMask.of("plain", "value", mounted)).isEqualTo(SecretMask.MASK);
    assertThat(SecretMask.of("plain", "value", null)).isEqualTo("value");
  }
}
