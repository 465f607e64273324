package io.galerne.signin;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import io.nayuki.qrcodegen.QrCode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.OptionalLong;
import javax.crypto.spec.SecretKeySpec;

/** What an authenticator app and Galerne share, and the codes that follow from it (RFC 6238). */
record TotpSecret(byte[] bytes) {
  private static final int BYTES = 20;
  private static final TimeBasedOneTimePasswordGenerator CODES =
      new TimeBasedOneTimePasswordGenerator();

  /** A clock may be wrong by this many steps, of half a minute each. */
  private static final int STEPS_OFF_MAX = 1;

  static TotpSecret fresh(SecureRandom random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return new TotpSecret(bytes);
  }

  String base32() {
    return Base32.encode(bytes);
  }

  String uri(String account) {
    String label = URLEncoder.encode(account, StandardCharsets.UTF_8).replace("+", "%20");
    return "otpauth://totp/Galerne:" + label + "?secret=" + base32() + "&issuer=Galerne";
  }

  /** The step of time, after the last that was used, whose code this is; empty if there is none. */
  OptionalLong step(String code, Instant now, long lastStep) {
    long present = now.getEpochSecond() / CODES.getTimeStep().toSeconds();
    for (long step = present - STEPS_OFF_MAX; step <= present + STEPS_OFF_MAX; step++) {
      if (step > lastStep && isEqual(code(step), code)) {
        return OptionalLong.of(step);
      }
    }
    return OptionalLong.empty();
  }

  String code(long step) {
    try {
      return CODES.generateOneTimePasswordString(
          new SecretKeySpec(bytes, CODES.getAlgorithm()),
          Instant.ofEpochSecond(step * CODES.getTimeStep().toSeconds()));
    } catch (InvalidKeyException e) {
      throw new IllegalStateException("any bytes are a key of an HMAC", e);
    }
  }

  private static boolean isEqual(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  /** A picture for an app to read: its width in squares, and the path of the dark ones. */
  record Picture(int width, String path) {}

  Picture picture(String account) {
    QrCode code = QrCode.encodeText(uri(account), QrCode.Ecc.MEDIUM);
    StringBuilder path = new StringBuilder();
    for (int y = 0; y < code.size; y++) {
      for (int x = 0; x < code.size; x++) {
        if (code.getModule(x, y)) {
          path.append('M').append(x).append(',').append(y).append("h1v1h-1z");
        }
      }
    }
    return new Picture(code.size, path.toString());
  }
}
