package io.galerne.engine.template;

/**
 * A call of a tool by the assistant.
 *
 * @param arguments JSON text; models are shown it as is where it isn't JSON
 */
public record ToolCall(String id, String name, String arguments) {}
