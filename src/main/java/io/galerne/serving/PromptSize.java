package io.galerne.serving;

/**
 * How much of a model's context a prompt takes.
 *
 * @param model the id of the model's card, by which it is priced
 */
public record PromptSize(String model, int promptTokens, int contextTokens) {}
