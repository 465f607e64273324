package io.galerne.engine.template;

/**
 * How a model writes the calls of tools in its answer. An answer calls tools from where {@link
 * #start} first appears; what stands before is its text.
 *
 * @param start what begins calls: a control token, or text
 * @param startIsControlToken whether {@code start} is one token that has no text of its own (its
 *     id: {@code Tokenizer.controlToken(start)})
 * @param end the text that ends a call, empty where calls end with the answer
 * @param arrangement where several calls go
 * @param argumentsKey the key of the arguments, a JSON object, beside {@code name}
 * @param idKey the key of the call's id, 9 letters and digits; empty where calls have no id
 */
public record ToolCallFormat(
    String start,
    boolean startIsControlToken,
    String end,
    Arrangement arrangement,
    String argumentsKey,
    String idKey) {
  /** Mistral's first tool format: {@code [TOOL_CALLS] [{"name": ..., "arguments": {...}}]}. */
  public static final ToolCallFormat MISTRAL_V2 =
      new ToolCallFormat("[TOOL_CALLS]", true, "", Arrangement.ARRAY, "arguments", "");

  /** Mistral's format from v3 on: as v2, and each call has an {@code id} after its arguments. */
  public static final ToolCallFormat MISTRAL_V3 =
      new ToolCallFormat("[TOOL_CALLS]", true, "", Arrangement.ARRAY, "arguments", "id");

  /**
   * The format of Hermes and Qwen, and of models that know none of their own: {@code
   * <tool_call>\n{"name": ..., "arguments": {...}}\n</tool_call>}, once for each call.
   */
  public static final ToolCallFormat HERMES =
      new ToolCallFormat(
          "<tool_call>", false, "</tool_call>", Arrangement.ONE_BY_ONE, "arguments", "");

  /** Where several calls of one answer go. */
  public enum Arrangement {
    /** After one start, as the items of one JSON array. */
    ARRAY,
    /** Each between a start and an end of its own, with white space around its JSON object. */
    ONE_BY_ONE
  }
}
