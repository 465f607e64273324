package io.galerne.moderation.detector;

import io.galerne.moderation.policy.Detector.Pii.NationalId;
import io.galerne.moderation.scan.CandidateScanner;
import io.galerne.moderation.scan.RegexProgram;
import io.galerne.moderation.scan.Scanner;
import java.util.Locale;
import java.util.function.Predicate;

/** Identity numbers of countries, by their form and, where they have one, their check. */
final class NationalIds {
  private static final int LENGTH_MAX = 40;
  private static final String DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE";

  /** What a character is worth in an odd place of the Italian tax code: 0 to 9, A to Z. */
  private static final int[] ITALIAN_ODD = {
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8,
    12, 14, 16, 10, 22, 25, 24, 23
  };

  private NationalIds() {}

  static Scanner scanner(NationalId country) {
    return switch (country) {
      case BE ->
          scanner("\\b\\d{2}[.]?\\d{2}[.]?\\d{2}[ \\-]?\\d{3}[.]?\\d{2}\\b", NationalIds::belgian);
      case ES -> scanner("\\b[xyz\\d][ \\-]?\\d{7}[ \\-]?[a-z]\\b", NationalIds::spanish);
      case FR ->
          scanner(
              "\\b[1-478] ?\\d{2} ?\\d{2} ?(?:\\d{2}|2[ab]) ?\\d{3} ?\\d{3} ?\\d{2}\\b",
              NationalIds::french);
      case GB ->
          scanner(
              "\\b[a-ceghj-prstw-z][a-ceghj-nprstw-z] ?\\d{2} ?\\d{2} ?\\d{2} ?[a-d]\\b",
              NationalIds::british);
      case IT ->
          scanner("\\b[a-z]{6}\\d{2}[a-ehlmprst]\\d{2}[a-z]\\d{3}[a-z]\\b", NationalIds::italian);
      case US -> scanner("\\b\\d{3}[ \\-]\\d{2}[ \\-]\\d{4}\\b", NationalIds::american);
    };
  }

  private static Scanner scanner(String pattern, Predicate<String> check) {
    return new CandidateScanner(
        RegexProgram.compile(pattern, true),
        LENGTH_MAX,
        (candidate, parts) -> {
          if (check.test(candidate.replaceAll("[ .\\-]", "").toUpperCase(Locale.ROOT))) {
            parts.add(0, candidate.length(), 1);
          }
        });
  }

  /** 97 less the remainder of the first nine digits; a 2 goes before them from the year 2000 on. */
  private static boolean belgian(String id) {
    long number = Long.parseLong(id.substring(0, 9));
    int month = Integer.parseInt(id.substring(2, 4));
    int key = Integer.parseInt(id.substring(9));
    return month <= 12 && (97 - number % 97 == key || 97 - (2_000_000_000L + number) % 97 == key);
  }

  private static boolean spanish(String id) {
    int first = "XYZ".indexOf(id.charAt(0));
    String digits = (first < 0 ? id.substring(0, 1) : Integer.toString(first)) + id.substring(1, 8);
    return DNI_LETTERS.charAt(Integer.parseInt(digits) % 23) == id.charAt(8);
  }

  /** 97 less the remainder of the thirteen characters; Corsica's letters count as less. */
  private static boolean french(String id) {
    String body = id.substring(0, 13);
    int month = Integer.parseInt(body.substring(3, 5));
    long number = Long.parseLong(body.replace("2A", "19").replace("2B", "18"));
    boolean aMonth = (month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50;
    return aMonth && 97 - number % 97 == Integer.parseInt(id.substring(13));
  }

  private static boolean british(String id) {
    return switch (id.substring(0, 2)) {
      case "BG", "GB", "NK", "KN", "TN", "NT", "ZZ" -> false;
      default -> true;
    };
  }

  private static boolean italian(String id) {
    int sum = 0;
    for (int i = 0; i < 15; i++) {
      int value = Character.digit(id.charAt(i), 36);
      sum += i % 2 == 0 ? ITALIAN_ODD[value] : value < 10 ? value : value - 10;
    }
    return 'A' + sum % 26 == id.charAt(15);
  }

  private static boolean american(String id) {
    int area = Integer.parseInt(id.substring(0, 3));
    return area != 0
        && area != 666
        && area < 900
        && !id.startsWith("00", 3)
        && !id.startsWith("0000", 5);
  }
}
