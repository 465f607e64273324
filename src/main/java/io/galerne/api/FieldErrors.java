package io.galerne.api;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;

/** Gathers what is wrong with a request, so that a client learns of it at once. */
public final class FieldErrors {
  private static final int ERRORS_MAX = 20;

  private final List<ValidationErrors.Detail> details = new ArrayList<>();

  public void add(String type, List<Object> loc, String message, @Nullable JsonNode input) {
    if (details.size() < ERRORS_MAX) {
      details.add(new ValidationErrors.Detail(type, loc, message, EchoedInput.of(input), null));
    }
  }

  /** Whether reading on makes no sense. */
  public boolean isFull() {
    return details.size() >= ERRORS_MAX;
  }

  boolean isAny() {
    return !details.isEmpty();
  }

  public void throwIfAny() {
    if (!details.isEmpty()) {
      throw new ApiException(
          HttpStatus.UNPROCESSABLE_CONTENT, new ValidationErrors(List.copyOf(details)));
    }
  }
}
