package io.galerne.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class KeyFormatTests {
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private final SecureRandom secureRandom = new SecureRandom();

  @Test
  void newKeysAreWellFormedAndDiffer() {
    Set<String> keys = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      String key = KeyFormat.API.newKey(secureRandom);
      assertThat(key).matches("gal_live_[0-9A-Za-z]{38}");
      assertThat(KeyFormat.API.isWellFormed(key)).isTrue();
      keys.add(key);
    }
    assertThat(keys).hasSize(10_000);
  }

  @Test
  void theChecksumRejectsInventedKeys() {
    Random random = new Random(42);
    int accepted = 0;
    for (int i = 0; i < 100_000; i++) {
      StringBuilder key = new StringBuilder("gal_live_");
      while (key.length() < 47) {
        key.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
      }
      accepted += KeyFormat.API.isWellFormed(key.toString()) ? 1 : 0;
    }
    assertThat(accepted).isZero();
  }

  @Test
  void everySingleWrongCharacterIsFound() {
    String key = KeyFormat.API.newKey(secureRandom);
    for (int i = 0; i < key.length(); i++) {
      for (char other : (ALPHABET + "_- é").toCharArray()) {
        if (other != key.charAt(i)) {
          String wrong = key.substring(0, i) + other + key.substring(i + 1);
          assertThat(KeyFormat.API.isWellFormed(wrong)).as(wrong).isFalse();
        }
      }
    }
  }

  @Test
  void otherLengthsAreRefused() {
    String key = KeyFormat.API.newKey(secureRandom);
    assertThat(KeyFormat.API.isWellFormed("")).isFalse();
    assertThat(KeyFormat.API.isWellFormed(key.substring(1))).isFalse();
    assertThat(KeyFormat.API.isWellFormed(key + "0")).isFalse();
    assertThat(KeyFormat.API.isWellFormed(" " + key)).isFalse();
  }

  @Test
  void theDisplayFormKeepsTheSecret() {
    String key = KeyFormat.API.newKey(secureRandom);
    assertThat(KeyFormat.API.display(key)).isEqualTo(key.substring(0, 15) + "…");
    IssuedKey issued = new IssuedKey(new java.util.UUID(1, 2), key, KeyFormat.API.display(key));
    assertThat(issued.toString()).doesNotContain(key);
  }

  /** The expression on the page, on keys of all kinds within text, and on texts that are none. */
  @Test
  void theScannersRuleFindsAllKeysAndNothingElse() throws IOException {
    Pattern rule = rule();
    for (KeyFormat kind : KeyFormat.values()) {
      for (int i = 0; i < 10_000; i++) {
        String key = kind.newKey(secureRandom);
        assertThat(kind.isWellFormed(key)).isTrue();
        Matcher found = rule.matcher("export KEY=\"" + key + "\";");
        assertThat(found.find()).isTrue();
        assertThat(found.group()).isEqualTo(key);
      }
    }
    Random random = new Random(7);
    for (int i = 0; i < 200_000; i++) {
      assertThat(rule.matcher(noise(random)).find()).isFalse();
    }
  }

  @Test
  void kindsDoNotMix() {
    for (KeyFormat kind : KeyFormat.values()) {
      String key = kind.newKey(secureRandom);
      for (KeyFormat other : KeyFormat.values()) {
        assertThat(other.isWellFormed(key)).isEqualTo(other == kind);
      }
    }
  }

  private static Pattern rule() throws IOException {
    String page = Files.readString(Path.of("docs", "keys.md"));
    Matcher rule = Pattern.compile("```regex\\n(.+)\\n```").matcher(page);
    assertThat(rule.find()).isTrue();
    assertThat(page).contains("regex = '''" + rule.group(1) + "'''");
    return Pattern.compile(rule.group(1));
  }

  /** Letters, digits and signs as in code, with our prefixes among them now and then. */
  private static String noise(Random random) {
    String signs = ALPHABET + "_-./+= ";
    String[] starts = {"", "gal_", "gal_live_", "sk-", "ghp_", "gal_test_", "legal_live_"};
    StringBuilder text = new StringBuilder(starts[random.nextInt(starts.length)]);
    int chars = random.nextInt(35);
    for (int i = 0; i < chars; i++) {
      text.append(signs.charAt(random.nextInt(signs.length())));
    }
    return text.toString();
  }
}
