package io.galerne.launch;

import java.util.Optional;

/** Where whoever started Galerne may go in without having been invited. */
@FunctionalInterface
public interface FirstDoor {
  /** A path with its query, good for one time; empty if there is none this time. */
  Optional<String> path();
}
