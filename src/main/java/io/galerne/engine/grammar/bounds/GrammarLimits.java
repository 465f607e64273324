package io.galerne.engine.grammar.bounds;

import java.time.Duration;

/**
 * The most that one grammar may cost.
 *
 * @param sourceBytes of a schema's text, or of all choices together
 * @param sourceDepth nested arrays and objects in a schema's text
 * @param properties named in one object
 * @param enumValues in one list of values
 * @param regexCharacters of one pattern
 * @param alternatives that one value may be read as at once
 * @param nodes distinct kinds of values
 * @param work steps of compiling; one costs at most a few dozen bytes
 * @param documentDepth nested arrays and objects in a document
 * @param memoryBytes that compiling may allocate
 * @param compileTime of the processor
 */
public record GrammarLimits(
    int sourceBytes,
    int sourceDepth,
    int properties,
    int enumValues,
    int regexCharacters,
    int alternatives,
    int nodes,
    int work,
    int documentDepth,
    long memoryBytes,
    Duration compileTime) {
  public static final GrammarLimits DEFAULT =
      new GrammarLimits(
          256 << 10,
          64,
          512,
          2048,
          2048,
          64,
          4096,
          1_000_000,
          64,
          36 << 20,
          Duration.ofMillis(500));
}
