package io.galerne.embedding;

/**
 * What an embedding model is; known before it is loaded, and checked when it is.
 *
 * @param id the name of the weights in the catalogue
 * @param parameters in all
 * @param digest SHA-256 of the weights, lower-case hex
 * @param dimensions length of a vector
 * @param tokensMax most tokens of a text, the marks at both ends among them
 */
public record EmbeddingProfile(
    String id,
    String name,
    String architecture,
    String quantization,
    long parameters,
    String licence,
    String source,
    String languages,
    String digest,
    int dimensions,
    int tokensMax) {}
