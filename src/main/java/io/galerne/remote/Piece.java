package io.galerne.remote;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One event of a backend's stream.
 *
 * @param text what it adds, may be empty
 * @param calls parts of calls of tools
 * @param finishReason the backend's word, null while it goes on
 * @param usage what the backend has counted so far, null where it doesn't say
 */
record Piece(
    String text, List<CallPart> calls, @Nullable String finishReason, @Nullable Usage usage) {

  /**
   * A part of a call.
   *
   * @param index which call
   * @param name empty where an earlier part had it
   * @param arguments more of the JSON text
   */
  record CallPart(int index, String id, String name, String arguments) {}

  /** Tokens by the backend's count. */
  record Usage(int promptTokens, int cachedPromptTokens, int completionTokens) {}
}
