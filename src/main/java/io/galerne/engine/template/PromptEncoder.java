package io.galerne.engine.template;

/**
 * Turns a conversation into the tokens of a prompt. Text of a request never becomes a control
 * token. Safe for many threads.
 */
public sealed interface PromptEncoder permits TemplatePromptEncoder, MistralPromptEncoder {
  /**
   * The prompt up to where the answer begins, or goes on if the last message is a prefix.
   *
   * @throws TemplateException if the format can't express the conversation
   */
  int[] encode(PromptRequest request);

  /** How an answer to such a prompt calls tools. */
  ToolCallFormat toolCallFormat();
}
