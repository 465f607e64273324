package io.galerne.signin;

import io.galerne.identity.People.Reference;
import java.time.Duration;
import java.util.List;

/** What became of an attempt to sign in. */
sealed interface SignInOutcome {
  /**
   * @param version of the credentials that were proven
   */
  record SignedIn(Reference person, int version) implements SignInOutcome {}

  /** The password is right; the second factor is owed. */
  record CodeNeeded(Reference person, int version) implements SignInOutcome {}

  /** The password is right for members of several organisations: the person says for which. */
  record ChoiceNeeded(List<Proven> proven) implements SignInOutcome {
    public ChoiceNeeded {
      proven = List.copyOf(proven);
    }
  }

  /**
   * A member whose password was given.
   *
   * @param version of the credentials that were proven
   */
  record Proven(Reference person, int version) {}

  /** Nobody is told whether there is such an account. */
  record Refused() implements SignInOutcome {}

  /** Too many attempts for this account or from this address. */
  record TooMany(Duration remaining) implements SignInOutcome {}

  /** Too many passwords are being checked at this moment. */
  record Busy() implements SignInOutcome {}
}
