package io.galerne.moderation.guard;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text that was judged as a whole, by the same way as one that arrives in pieces.
 *
 * @param text what may go out: up to the cut where it is blocked
 * @param block what ended it, or null
 */
public record GuardedText(String text, @Nullable Finding block, List<Finding> findings) {
  public GuardedText {
    findings = List.copyOf(findings);
  }

  public static GuardedText of(List<GuardedRule> rules, StreamGuard.Form form, String text) {
    StreamGuard guard = new StreamGuard(rules, form);
    String passed = guard.add(text) + guard.finish();
    return new GuardedText(passed, guard.block(), guard.findings());
  }
}
