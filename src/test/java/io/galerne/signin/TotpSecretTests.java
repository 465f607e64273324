package io.galerne.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TotpSecretTests {
  private static final TotpSecret RFC =
      new TotpSecret("12345678901234567890".getBytes(StandardCharsets.US_ASCII));

  /** The last six digits of RFC 6238, appendix B, for SHA-1. */
  @ParameterizedTest
  @CsvSource({"59, 287082", "1111111109, 081804", "1234567890, 005924", "20000000000, 353130"})
  void codesAreThoseOfTheStandard(long second, String code) {
    assertThat(RFC.code(second / 30)).isEqualTo(code);
    assertThat(RFC.step(code, Instant.ofEpochSecond(second), 0)).hasValue(second / 30);
  }

  @Test
  void aCodeIsGoodForOneStepAroundAndOnlyOnce() {
    Instant now = Instant.ofEpochSecond(1_111_111_109);
    String code = RFC.code(now.getEpochSecond() / 30);

    assertThat(RFC.step(code, now.plusSeconds(30), 0)).isPresent();
    assertThat(RFC.step(code, now.minusSeconds(30), 0)).isPresent();
    assertThat(RFC.step(code, now.plusSeconds(60), 0)).isEqualTo(OptionalLong.empty());
    assertThat(RFC.step(code, now, now.getEpochSecond() / 30)).isEqualTo(OptionalLong.empty());
  }

  /** RFC 4648, section 10, without padding. */
  @ParameterizedTest
  @CsvSource({"f, MY", "fo, MZXQ", "foo, MZXW6", "foob, MZXW6YQ", "fooba, MZXW6YTB"})
  void base32IsThatOfTheStandard(String text, String encoded) {
    assertThat(Base32.encode(text.getBytes(StandardCharsets.US_ASCII))).isEqualTo(encoded);
  }

  @Test
  void thePictureIsSquareAndTheAddressComplete() {
    TotpSecret secret = TotpSecret.fresh(new SecureRandom());

    assertThat(secret.uri("a b@x"))
        .isEqualTo(
            "otpauth://totp/Galerne:a%20b%40x?secret=" + secret.base32() + "&issuer=Galerne");
    assertThat(secret.picture("ada@example.com").path()).contains("M0,0h1v1h-1z");
  }
}
