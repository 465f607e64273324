package io.galerne.moderation.detector;

import io.galerne.moderation.scan.CandidateScanner;
import io.galerne.moderation.scan.RegexProgram;
import io.galerne.moderation.scan.Scanner;

/** Addresses of e-mail as people write them, within the lengths of RFC 5321. */
final class EmailAddresses {
  private static final int LENGTH_MAX = 320;
  private static final int LOCAL_MAX = 64;
  private static final RegexProgram CANDIDATE =
      RegexProgram.compile(
          "[\\pL\\pN._%+'\\-]+@(?:[\\pL\\pN](?:[\\pL\\pN\\-]*[\\pL\\pN])?\\.)+[a-z]{2,24}\\b",
          true);

  private EmailAddresses() {}

  static Scanner scanner() {
    return new CandidateScanner(CANDIDATE, LENGTH_MAX, EmailAddresses::check);
  }

  private static void check(String candidate, Scanner.Hits parts) {
    int at = candidate.indexOf('@');
    int from = 0;
    while (from < at && "._%+'-".indexOf(candidate.charAt(from)) >= 0) {
      from++;
    }
    String local = candidate.substring(from, at);
    if (!local.isEmpty()
        && local.length() <= LOCAL_MAX
        && !local.endsWith(".")
        && !local.contains("..")) {
      parts.add(from, candidate.length(), 1);
    }
  }
}
