package io.galerne.moderation.detector;

import io.galerne.moderation.scan.CandidateScanner;
import io.galerne.moderation.scan.FoldedScanner;
import io.galerne.moderation.scan.RegexProgram;
import io.galerne.moderation.scan.RegexScanner;
import io.galerne.moderation.scan.Scanner;
import io.galerne.moderation.scan.ScannerGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Keys and tokens whose form gives them away. */
final class SecretFormats {
  private static final int LENGTH_MAX = 2048;
  private static final RegexProgram OWN_KEY =
      RegexProgram.compile("\\bgal_[a-z]+_[0-9A-Za-z]{38}\\b", false);

  /** Published forms: the prefix, the alphabet and the length. */
  private static final List<RegexProgram> FORMS =
      List.of(
          form("\\b(?:AKIA|ASIA|AGPA|AROA|AIDA)[0-9A-Z]{16}\\b"), // AWS
          form("\\bgh[pousr]_[0-9A-Za-z]{36}\\b"), // GitHub
          form("\\bgithub_pat_[0-9A-Za-z_]{60,90}\\b"),
          form("\\bglpat-[0-9A-Za-z_\\-]{20,64}"), // GitLab
          form("\\bxox[abeoprs]-[0-9A-Za-z\\-]{10,120}"), // Slack
          form("\\b[rs]k_(?:live|test)_[0-9A-Za-z]{16,120}\\b"), // Stripe
          form("\\bAIza[0-9A-Za-z_\\-]{35}"), // Google
          form("\\bya29\\.[0-9A-Za-z_\\-]{20,200}"),
          form("\\bsk-(?:proj-|ant-|svcacct-)?[0-9A-Za-z_\\-]{32,200}"), // OpenAI, Anthropic
          form("\\bhf_[0-9A-Za-z]{34}\\b"), // Hugging Face
          form("\\bnpm_[0-9A-Za-z]{36}\\b"),
          form("\\bpypi-[0-9A-Za-z_\\-]{50,200}"),
          form("\\bSG\\.[0-9A-Za-z_\\-]{22}\\.[0-9A-Za-z_\\-]{43}"), // SendGrid
          form("\\bSK[0-9a-f]{32}\\b"), // Twilio
          form("\\bdop_v1_[0-9a-f]{64}\\b"), // DigitalOcean
          form("\\bAGE-SECRET-KEY-1[0-9A-Z]{58}\\b"),
          form(
              "\\beyJ[0-9A-Za-z_\\-]{10,800}\\.eyJ[0-9A-Za-z_\\-]{10,800}\\.[0-9A-Za-z_\\-]{10,300}"),
          form("-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----[0-9A-Za-z+/=\\s]{0,800}"),
          form("\\b[a-z][a-z0-9+.\\-]{1,20}://[^\\s:/@]{1,64}:[^\\s:/@]{3,64}@"));

  private SecretFormats() {}

  private static RegexProgram form(String pattern) {
    return RegexProgram.compile(pattern, false);
  }

  /**
   * @param isOwnKey whether a text that looks like a key of this platform is one
   */
  static Scanner scanner(Predicate<String> isOwnKey) {
    List<Scanner> scanners = new ArrayList<>();
    scanners.add(
        new CandidateScanner(
            OWN_KEY,
            LENGTH_MAX,
            (candidate, parts) -> {
              if (isOwnKey.test(candidate)) {
                parts.add(0, candidate.length(), 1);
              }
            }));
    FORMS.forEach(form -> scanners.add(new RegexScanner(form, LENGTH_MAX)));
    return FoldedScanner.visible(new ScannerGroup(scanners));
  }
}
