package io.galerne.moderation;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.galerne.moderation.policy.PolicyProblem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a policy, and where.
 *
 * @param pointer the JSON pointer of the value at fault
 * @param line of the text, from 1: the value's, or the nearest one's where it is missing; null for
 *     what stands in no text
 * @param message fit for whoever wrote it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PolicyIssue(String pointer, @Nullable Integer line, String message) {
  /** The name of the field at fault; empty for an item of a list, or the whole. */
  public String field() {
    String last = pointer.substring(pointer.lastIndexOf('/') + 1);
    return last.matches("\\d*") ? "" : last;
  }

  static List<PolicyIssue> of(String text, List<PolicyProblem> problems) {
    PolicyLines lines = PolicyLines.of(text);
    return problems.stream()
        .map(
            problem ->
                new PolicyIssue(
                    problem.pointer(), lines.line(problem.pointer()), problem.message()))
        .toList();
  }
}
