package io.galerne.moderation.policy;

import java.util.List;

/**
 * What a tenant, or the operator, wants of texts that go into models and come out of them.
 *
 * @param name for people
 * @param description may be empty
 */
public record Policy(
    String name, String description, Billing billing, Evidence evidence, List<Rule> rules) {
  public Policy {
    rules = List.copyOf(rules);
  }

  /**
   * What a blocked request costs.
   *
   * @param blockedInput whether the prompt of a request that never ran is charged
   * @param blockedOutput how much of an answer that was cut is charged
   */
  public record Billing(BlockedInput blockedInput, BlockedOutput blockedOutput) {
    public static final Billing DEFAULT = new Billing(BlockedInput.PROMPT, BlockedOutput.GENERATED);

    /** The cheapest: what the operator's floor asks for when it says nothing. */
    public static final Billing LEAST = new Billing(BlockedInput.NOTHING, BlockedOutput.DELIVERED);

    /** The dearer of both in each respect. */
    public Billing and(Billing other) {
      return new Billing(
          blockedInput.compareTo(other.blockedInput) >= 0 ? blockedInput : other.blockedInput,
          blockedOutput.compareTo(other.blockedOutput) >= 0 ? blockedOutput : other.blockedOutput);
    }
  }

  /** What a request costs whose input was blocked; the dearer comes later. */
  public enum BlockedInput {
    NOTHING,
    PROMPT
  }

  /** What of a cut answer is charged beside the prompt; the dearer comes later. */
  public enum BlockedOutput {
    /** Tokens whose text reached the client. */
    DELIVERED,
    /** Tokens that were generated until the cut. */
    GENERATED
  }

  /**
   * What is kept of a decision.
   *
   * @param content whether the text that was judged is kept too, for dry runs and audits
   * @param retentionDays how long decisions are kept
   */
  public record Evidence(boolean content, int retentionDays) {
    public static final Evidence DEFAULT = new Evidence(false, 90);
  }
}
