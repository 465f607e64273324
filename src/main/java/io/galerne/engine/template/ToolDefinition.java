package io.galerne.engine.template;

/**
 * A tool that the assistant may call.
 *
 * @param description may be empty
 * @param parameters the JSON text of a JSON Schema for an object
 */
public record ToolDefinition(String name, String description, String parameters) {}
