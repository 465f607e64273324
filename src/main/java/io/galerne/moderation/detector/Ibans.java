package io.galerne.moderation.detector;

import io.galerne.moderation.scan.CandidateScanner;
import io.galerne.moderation.scan.RegexProgram;
import io.galerne.moderation.scan.Scanner;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** International bank account numbers: a country, its length, and the remainder modulo 97. */
final class Ibans {
  private static final int LENGTH_MAX = 80;
  private static final int SHORTEST = 15;
  private static final RegexProgram CANDIDATE =
      RegexProgram.compile("\\b[a-z]{2}\\d{2}(?:[ \\-]?[a-z0-9]){11,30}\\b", true);

  /** Of ISO 13616, as registered. */
  private static final Map<String, Integer> LENGTHS = new HashMap<>();

  static {
    String lengths =
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27"
            + " DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28"
            + " HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21"
            + " LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29"
            + " PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23"
            + " TN24 TR26 UA29 VA22 VG24 XK20 YE30";
    for (String entry : lengths.split(" ", -1)) {
      LENGTHS.put(entry.substring(0, 2), Integer.parseInt(entry.substring(2)));
    }
  }

  private Ibans() {}

  static Scanner scanner() {
    return new CandidateScanner(CANDIDATE, LENGTH_MAX, Ibans::check);
  }

  /** Looks at every number that ends where the candidate does. */
  private static void check(String candidate, Scanner.Hits parts) {
    String upper = candidate.toUpperCase(Locale.ROOT);
    StringBuilder plain = new StringBuilder();
    for (int i = upper.length() - 1; i >= 0; i--) {
      char c = upper.charAt(i);
      if (!isAlphanumeric(c)) {
        continue;
      }
      plain.insert(0, c);
      boolean begins = i == 0 || !isAlphanumeric(upper.charAt(i - 1));
      if (begins && plain.length() >= SHORTEST && isIban(plain)) {
        parts.add(i, upper.length(), 1);
        return;
      }
    }
  }

  private static boolean isAlphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
  }

  static boolean isIban(CharSequence iban) {
    String text = iban.toString();
    Integer length = LENGTHS.get(text.substring(0, 2));
    return length != null && length == text.length() && remainder(text) == 1;
  }

  /** ISO 7064: the first four characters go to the end, letters count from 10. */
  private static int remainder(String iban) {
    String moved = iban.substring(4) + iban.substring(0, 4);
    int remainder = 0;
    for (int i = 0; i < moved.length(); i++) {
      int value = Character.digit(moved.charAt(i), 36);
      remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
    }
    return remainder;
  }
}
