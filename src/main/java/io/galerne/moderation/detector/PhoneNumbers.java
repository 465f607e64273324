package io.galerne.moderation.detector;

import com.google.i18n.phonenumbers.PhoneNumberMatch;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.Leniency;
import io.galerne.moderation.scan.CandidateScanner;
import io.galerne.moderation.scan.RegexProgram;
import io.galerne.moderation.scan.Scanner;
import java.util.List;

/**
 * Telephone numbers that libphonenumber finds valid: any with a country's code, and those of some
 * regions without it if they are written as there, with a leading zero or in the usual groups.
 */
final class PhoneNumbers {
  private static final int LENGTH_MAX = 48;
  private static final int TRIES_MAX = 5;
  private static final String NO_REGION = "ZZ";
  private static final RegexProgram CANDIDATE =
      RegexProgram.compile("[+(]{0,2}\\d(?:[ ().\\-/]{0,3}\\d){6,16}\\b", true);

  private final PhoneNumberUtil util = PhoneNumberUtil.getInstance();
  private final List<String> regions;

  PhoneNumbers(List<String> regions) {
    this.regions = regions;
  }

  Scanner scanner() {
    return new CandidateScanner(CANDIDATE, LENGTH_MAX, this::check);
  }

  private void check(String candidate, Scanner.Hits parts) {
    if (candidate.indexOf('+') >= 0) {
      find(candidate, NO_REGION, Leniency.VALID, parts);
      return;
    }
    boolean grouped = candidate.chars().anyMatch(c -> c < '0' || c > '9');
    boolean trunk = candidate.startsWith("0") || candidate.startsWith("(0");
    if (!grouped && !trunk) {
      return;
    }
    for (String region : regions) {
      if (find(candidate, region, trunk ? Leniency.VALID : Leniency.STRICT_GROUPING, parts)) {
        return;
      }
    }
  }

  private boolean find(String candidate, String region, Leniency leniency, Scanner.Hits parts) {
    boolean found = false;
    for (PhoneNumberMatch match : util.findNumbers(candidate, region, leniency, TRIES_MAX)) {
      parts.add(match.start(), match.end(), 1);
      found = true;
    }
    return found;
  }
}
