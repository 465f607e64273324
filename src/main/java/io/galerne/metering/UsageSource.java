package io.galerne.metering;

import org.jspecify.annotations.Nullable;

/**
 * What was asked for, and what answered.
 *
 * @param model the name that the client asked for
 * @param pricedAs the id of the model behind that name: prices are its
 * @param weightsDigest SHA-256 of the weights that answered
 * @param policyVersion the output policy in force, if there was one
 */
public record UsageSource(
    ServiceKind service,
    ServiceClass serviceClass,
    boolean stream,
    String model,
    String pricedAs,
    String weightsDigest,
    @Nullable String policyVersion) {
  /** The same, answered as a stream or not. */
  public UsageSource withStream(boolean streamed) {
    return new UsageSource(
        service, serviceClass, streamed, model, pricedAs, weightsDigest, policyVersion);
  }

  /** The same, under a policy. */
  public UsageSource withPolicyVersion(@Nullable String version) {
    return new UsageSource(service, serviceClass, stream, model, pricedAs, weightsDigest, version);
  }
}
