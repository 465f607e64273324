package io.galerne.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** Something that the chat does not do, for a reason that its user can understand. */
final class ChatRefusedException extends RuntimeException {
  private final HttpStatus status;
  private final String code;
  private final @Nullable String field;
  private final List<Object> arguments;

  private ChatRefusedException(
      HttpStatus status, String code, @Nullable String field, Object... arguments) {
    super(code, null, false, false);
    this.status = status;
    this.code = code;
    this.field = field;
    this.arguments = List.of(arguments);
  }

  /** There is no such thing, or it is somebody else's: nobody is told which. */
  static ChatRefusedException unknown() {
    return new ChatRefusedException(HttpStatus.NOT_FOUND, "unknown", null);
  }

  /** A value that can't be taken. */
  static ChatRefusedException invalid(String field, String code, Object... arguments) {
    return new ChatRefusedException(HttpStatus.UNPROCESSABLE_CONTENT, code, field, arguments);
  }

  /** There is as much of it as there may be, or it is not the time for it. */
  static ChatRefusedException conflict(String code, Object... arguments) {
    return new ChatRefusedException(HttpStatus.CONFLICT, code, null, arguments);
  }

  /** A cap or a rate; it is worth trying again later. */
  static ChatRefusedException later(String code, Object... arguments) {
    return new ChatRefusedException(HttpStatus.TOO_MANY_REQUESTS, code, null, arguments);
  }

  /** Nothing that the user did. */
  static ChatRefusedException unavailable(String code, Object... arguments) {
    return new ChatRefusedException(HttpStatus.SERVICE_UNAVAILABLE, code, null, arguments);
  }

  HttpStatus status() {
    return status;
  }

  /** Names the text in the bundle, below {@code chat.problem}. */
  String code() {
    return code;
  }

  @Nullable String field() {
    return field;
  }

  Object[] arguments() {
    return arguments.toArray();
  }
}
