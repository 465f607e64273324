package io.galerne.signin;

import io.galerne.identity.People;
import io.galerne.identity.People.Reference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Service;

/**
 * Checks an address and a password. An address without an account costs as much time as one with,
 * and what is answered is the same.
 */
@Service
class PasswordSignIn {
  private static final int CHECKS_AT_ONCE_MAX = 4;
  private static final long PATIENCE_MILLIS = 3_000;
  private static final int PASSWORD_CHARS_MAX = 200;

  private final People people;
  private final Credentials credentials;
  private final Attempts attempts;
  private final PasswordEncoder encoder;
  private final String nobodysHash;
  private final Semaphore checks = new Semaphore(CHECKS_AT_ONCE_MAX);

  PasswordSignIn(
      People people, Credentials credentials, Attempts attempts, PasswordEncoder encoder) {
    this.people = people;
    this.credentials = credentials;
    this.attempts = attempts;
    this.encoder = encoder;
    this.nobodysHash = encode(encoder, UUID.randomUUID().toString());
  }

  private static String encode(PasswordEncoder encoder, String password) {
    return Optional.ofNullable(encoder.encode(password)).orElseThrow();
  }

  SignInOutcome check(String email, String password, String address) {
    String account = email.strip().toLowerCase(Locale.ROOT);
    Optional<Duration> wait = attempts.count(account, address);
    if (wait.isPresent()) {
      return new SignInOutcome.TooMany(wait.get());
    }
    if (!mayCheck()) {
      return new SignInOutcome.Busy();
    }
    try {
      Optional<SignInOutcome> outcome =
          password.length() <= PASSWORD_CHARS_MAX ? find(account, password) : Optional.empty();
      outcome.ifPresent(_ -> attempts.succeeded(account, address));
      return outcome.orElseGet(SignInOutcome.Refused::new);
    } finally {
      checks.release();
    }
  }

  private boolean mayCheck() {
    try {
      return checks.tryAcquire(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Optional<SignInOutcome> find(String email, String password) {
    List<SignInOutcome.Proven> proven = new ArrayList<>();
    boolean compared = false;
    for (Reference person : people.withEmail(email)) {
      Credentials.Known known = credentials.of(person);
      String hash = known.passwordHash();
      compared |= hash != null;
      if (hash != null && encoder.matches(password, hash)) {
        credentials.rehash(person, hash, password);
        proven.add(new SignInOutcome.Proven(person, known.version()));
      }
    }
    if (!compared) {
      takeAsLong(password);
    }
    return switch (proven.size()) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of(next(proven.getFirst()));
      default -> Optional.of(new SignInOutcome.ChoiceNeeded(proven));
    };
  }

  /** What is owed of a member whose password is proven. */
  SignInOutcome next(SignInOutcome.Proven proven) {
    return credentials.of(proven.person()).secondFactor()
        ? new SignInOutcome.CodeNeeded(proven.person(), proven.version())
        : new SignInOutcome.SignedIn(proven.person(), proven.version());
  }

  private void takeAsLong(@Nullable String password) {
    boolean never = encoder.matches(password, nobodysHash);
    assert !never;
  }
}
