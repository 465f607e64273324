package io.galerne.engine.template;

/**
 * One turn of a conversation.
 *
 * @param role {@code system}, {@code user}, {@code assistant} or {@code tool}
 */
public record ChatMessage(String role, String content) {}
