package io.galerne.moderation.detector;

import io.galerne.moderation.scan.CandidateScanner;
import io.galerne.moderation.scan.RegexProgram;
import io.galerne.moderation.scan.Scanner;

/** Numbers of payment cards: an issuer's prefix, the issuer's length, and Luhn's check digit. */
final class CardNumbers {
  private static final int DIGITS_MIN = 12;
  private static final int DIGITS_MAX = 19;
  private static final int LENGTH_MAX = 64;
  private static final RegexProgram CANDIDATE =
      RegexProgram.compile("\\b\\d(?:[ .\\-]{0,2}\\d){11,18}\\b", true);

  private CardNumbers() {}

  static Scanner scanner() {
    return new CandidateScanner(CANDIDATE, LENGTH_MAX, CardNumbers::check);
  }

  /** Looks at every number that ends where the candidate does and begins where a group does. */
  private static void check(String candidate, Scanner.Hits parts) {
    StringBuilder digits = new StringBuilder();
    for (int i = candidate.length() - 1; i >= 0 && digits.length() < DIGITS_MAX; i--) {
      char c = candidate.charAt(i);
      if (c < '0' || c > '9') {
        continue;
      }
      digits.insert(0, c);
      boolean groupBegins = i == 0 || !Character.isDigit(candidate.charAt(i - 1));
      if (digits.length() >= DIGITS_MIN && groupBegins && isCard(digits.toString())) {
        parts.add(i, candidate.length(), 1);
        return;
      }
    }
  }

  static boolean isCard(String digits) {
    return isIssued(digits) && luhn(digits);
  }

  private static boolean isIssued(String digits) {
    int length = digits.length();
    int two = Integer.parseInt(digits, 0, 2, 10);
    int four = Integer.parseInt(digits, 0, 4, 10);
    return switch (digits.charAt(0)) {
      case '2' -> length == 16 && four >= 2221 && four <= 2720;
      case '3' -> isIssuedUnderThree(two, length);
      case '4' -> length == 13 || length == 16 || length == 19;
      case '5' -> length >= 16;
      case '6' -> length >= 16;
      default -> false;
    };
  }

  private static boolean isIssuedUnderThree(int two, int length) {
    return switch (two) {
      case 34, 37 -> length == 15;
      case 35 -> length >= 16;
      case 30, 36, 38, 39 -> length >= 14;
      default -> false;
    };
  }

  /** ISO/IEC 7812-1, annex B. */
  static boolean luhn(String digits) {
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      int weighted = i % 2 == 0 ? digit : 2 * digit;
      sum += weighted > 9 ? weighted - 9 : weighted;
    }
    return sum % 10 == 0;
  }
}
