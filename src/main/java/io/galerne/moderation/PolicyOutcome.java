package io.galerne.moderation;

import java.util.List;
import java.util.function.Function;

/** What became of what somebody wanted of a policy. */
public sealed interface PolicyOutcome<T> {
  /** The same outcome of another value. */
  default <R> PolicyOutcome<R> map(Function<T, R> mapping) {
    return switch (this) {
      case Done<T>(T value) -> new Done<>(mapping.apply(value));
      case NotFound<T>() -> new NotFound<>();
      case Invalid<T>(List<PolicyIssue> issues) -> new Invalid<>(issues);
      case NoScope<T>(PolicyScope scope) -> new NoScope<>(scope);
      case Conflict<T>(String message) -> new Conflict<>(message);
    };
  }

  record Done<T>(T value) implements PolicyOutcome<T> {}

  /** There is no such policy or version, or it is another tenant's. */
  record NotFound<T>() implements PolicyOutcome<T> {}

  /** The policy says something that can't be. */
  record Invalid<T>(List<PolicyIssue> issues) implements PolicyOutcome<T> {
    public Invalid {
      issues = List.copyOf(issues);
    }
  }

  /** The scope names nothing that the tenant has. */
  record NoScope<T>(PolicyScope scope) implements PolicyOutcome<T> {}

  record Conflict<T>(String message) implements PolicyOutcome<T> {}
}
