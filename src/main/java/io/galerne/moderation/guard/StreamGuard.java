package io.galerne.moderation.guard;

import io.galerne.moderation.policy.Rule;
import io.galerne.moderation.scan.Scanner;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Guards one text while it arrives. Everything is decided character by character, so the pieces in
 * which the text arrives have no part in it: what is let through in the end is the same. Text is
 * held back from where the first unfinished match may have begun, and no further.
 *
 * <p>Matches to be redacted or replaced are covered up as soon as nothing that is in progress can
 * make them longer. A match to be blocked ends the text before its first character, and before any
 * other match that was in progress then. For one thread.
 */
public final class StreamGuard implements Feed.Receiver {
  /** More are not noted one by one; they are acted on all the same. */
  private static final int FINDINGS_MAX = 1000;

  /** How far back a finding may be that another one of its rule overlaps. */
  private static final int OVERLAPS_MAX = 16;

  private final Scanner[] scanners;
  private final RuleHits[] hits;
  private final Feed feed;

  /** Text that was not let through yet, and where it begins. */
  private final StringBuilder held = new StringBuilder();

  private int heldFrom;

  /** How much of the text was there before: matches may begin in it, and it doesn't go out. */
  private int given;

  /** How far the scanners have come. */
  private int judged;

  /** What was found and touches text that is held; in order, without overlaps. */
  private final List<Finding> coverings = new ArrayList<>();

  private final List<Finding> findings = new ArrayList<>();
  private @Nullable Finding block;
  private boolean finished;

  /** How a text is to be read. */
  public enum Form {
    TEXT,
    /** A JSON document, which stays one. */
    JSON
  }

  public StreamGuard(List<GuardedRule> rules, Form form) {
    scanners = rules.stream().map(rule -> rule.scanners().get()).toArray(Scanner[]::new);
    hits = rules.stream().map(RuleHits::new).toArray(RuleHits[]::new);
    feed =
        switch (form) {
          case TEXT -> new Feed.Plain(this);
          case JSON -> new JsonFeed(this);
        };
  }

  /** Begins behind a text that the reader has already; to be called first. */
  public void follow(String before) {
    given = before.length();
    add(before);
  }

  /** Takes more of the text; what may go out now. Nothing does once it is blocked. */
  public String add(String piece) {
    if (block != null) {
      return "";
    }
    held.append(piece);
    while (judged < heldFrom + held.length() && block == null) {
      int at = judged - heldFrom;
      int c = held.codePointAt(at);
      boolean half = Character.isHighSurrogate((char) c) && at + 1 == held.length();
      if (half && c < Character.MIN_SUPPLEMENTARY_CODE_POINT) {
        break; // the other half is to come
      }
      int start = judged;
      judged += Character.charCount(c);
      feed.next(c, start, judged);
    }
    return release();
  }

  /** The text is over; what may go out of the rest of it. */
  public String finish() {
    if (finished) {
      return "";
    }
    finished = true;
    if (block != null) {
      return "";
    }
    while (judged < heldFrom + held.length()) {
      feed.next(held.charAt(judged - heldFrom), judged, ++judged);
    }
    if (block == null) {
      feed.end();
    }
    return release();
  }

  /** What ended the text, or null. */
  public @Nullable Finding block() {
    return block;
  }

  /** What was found so far. */
  public List<Finding> findings() {
    return List.copyOf(findings);
  }

  /** How much of the text was let through or covered up, in chars; what was given not counted. */
  public int passed() {
    return Math.max(0, heldFrom - given);
  }

  @Override
  public void character(int codePoint, int start, int end) {
    for (int i = 0; i < scanners.length && block == null; i++) {
      scanners[i].next(codePoint, start, end, hits[i]);
    }
  }

  @Override
  public void textEnds() {
    for (int i = 0; i < scanners.length && block == null; i++) {
      scanners[i].end(hits[i]);
    }
  }

  /** Takes what one rule's scanner finds. */
  private final class RuleHits implements Scanner.Hits {
    private final GuardedRule guarded;

    RuleHits(GuardedRule guarded) {
      this.guarded = guarded;
    }

    @Override
    public void add(int start, int end, double score) {
      Rule rule = guarded.rule();
      if (score >= rule.threshold()) {
        note(new Finding(rule, guarded.origin(), start, end, score, rule.action(), ""));
      }
    }

    @Override
    public void unavailable(int start, int end, String reason) {
      Rule rule = guarded.rule();
      Rule.Action action = rule.failsOpen() ? Rule.Action.FLAG : Rule.Action.BLOCK;
      note(new Finding(rule, guarded.origin(), start, end, 0, action, reason));
    }
  }

  private void note(Finding found) {
    boolean covers = found.action() == Rule.Action.REDACT || found.action() == Rule.Action.REPLACE;
    Finding finding =
        covers && !feed.replaceable()
            ? new Finding(
                found.rule(),
                found.origin(),
                found.start(),
                found.end(),
                found.score(),
                Rule.Action.BLOCK,
                found.failure())
            : found;
    record(finding);
    switch (finding.action()) {
      case BLOCK -> {
        if (block == null || finding.start() < block.start()) {
          block = finding;
        }
      }
      case REDACT, REPLACE -> cover(finding);
      case FLAG -> {}
    }
  }

  /** A rule's overlapping matches are one finding. */
  private void record(Finding finding) {
    for (int i = findings.size() - 1; i >= Math.max(0, findings.size() - OVERLAPS_MAX); i--) {
      Finding other = findings.get(i);
      if (other.rule().equals(finding.rule())
          && other.origin().equals(finding.origin())
          && other.overlaps(finding)) {
        findings.set(i, other.and(finding));
        return;
      }
    }
    if (findings.size() < FINDINGS_MAX || finding.action() == Rule.Action.BLOCK) {
      findings.add(finding);
    }
  }

  /**
   * Overlapping coverings become one, which the stricter action decides, then the earlier start.
   */
  private void cover(Finding finding) {
    Finding whole = finding;
    for (int i = coverings.size() - 1; i >= 0; i--) {
      Finding other = coverings.get(i);
      if (other.overlaps(whole)) {
        coverings.remove(i);
        boolean otherLeads =
            other.action().compareTo(whole.action()) > 0
                || (other.action() == whole.action() && other.start() <= whole.start());
        whole = otherLeads ? other.and(whole) : whole.and(other);
      }
    }
    int at = 0;
    while (at < coverings.size() && coverings.get(at).start() < whole.start()) {
      at++;
    }
    coverings.add(at, whole);
  }

  private String release() {
    int pending = feed.pendingFrom();
    for (Scanner scanner : scanners) {
      pending = Math.min(pending, scanner.pendingFrom());
    }
    int certain = Math.min(judged, pending);
    if (block != null) {
      certain = Math.min(certain, block.start());
    }
    for (int i = coverings.size() - 1; i >= 0; i--) {
      Finding covering = coverings.get(i);
      if (covering.end() > certain) {
        certain = Math.min(certain, covering.start());
      }
    }
    return take(Math.max(certain, heldFrom));
  }

  private String take(int certain) {
    StringBuilder out = new StringBuilder();
    int from = heldFrom;
    while (!coverings.isEmpty() && coverings.getFirst().end() <= certain) {
      Finding covering = coverings.removeFirst();
      letThrough(from, covering.start(), out);
      if (covering.end() > given) {
        out.append(feed.written(covering.rule().replacement()));
      }
      from = covering.end();
    }
    letThrough(from, certain, out);
    held.delete(0, certain - heldFrom);
    heldFrom = certain;
    return out.toString();
  }

  private void letThrough(int from, int to, StringBuilder out) {
    int first = Math.max(from, given);
    if (first < to) {
      out.append(held, first - heldFrom, to - heldFrom);
    }
  }
}
