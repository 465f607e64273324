package io.galerne.audit;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who did something, and in which request.
 *
 * @param id of the member, key or operator's key; null for the platform itself
 * @param address where the request came from, as an address literal
 */
public record Actor(
    Kind kind, @Nullable UUID id, @Nullable UUID requestId, @Nullable String address) {
  /** What kind of actor an id belongs to. */
  public enum Kind {
    /** A person, through the key or the session that is theirs. */
    MEMBER,
    /** A workspace's API key. */
    API_KEY,
    /** The platform's operator. */
    OPERATOR,
    /** Galerne itself. */
    SYSTEM
  }

  /** Galerne itself, outside any request. */
  public static Actor system() {
    return new Actor(Kind.SYSTEM, null, null, null);
  }
}
