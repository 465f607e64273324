package io.galerne.batch;

/**
 * What is wrong with a line of a file.
 *
 * @param line from 1
 * @param field at fault, or empty for the line itself
 * @param type in the words of the contract's validator
 */
public record LineProblem(int line, String field, String type, String message) {}
