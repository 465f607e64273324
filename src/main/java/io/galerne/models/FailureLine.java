package io.galerne.models;

import io.galerne.engine.WeightsException;
import io.galerne.store.StoreException;
import java.io.UncheckedIOException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/** A failure as one line for the operator, whatever it is. */
final class FailureLine {
  private FailureLine() {}

  static String of(Throwable failure) {
    return text(failure).replaceAll("\\s*[\\r\\n]+\\s*", " ").strip();
  }

  private static String text(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidConfigurationPropertyValueException invalid) {
        return "%s: '%s': %s".formatted(invalid.getName(), invalid.getValue(), invalid.getReason());
      }
    }
    return switch (failure) {
      case StoreException e -> String.valueOf(e.getMessage());
      case WeightsException e -> String.valueOf(e.getMessage());
      case UncheckedIOException e -> String.valueOf(e.getMessage());
      case BindException e -> bind(e);
      default -> failure.toString();
    };
  }

  private static String bind(BindException failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return failure.getProperty() == null
        ? failure.getMessage() + ": " + root.getMessage()
        : failure.getProperty().getName() + ": " + root.getMessage();
  }
}
