package io.galerne.journal;

import java.util.UUID;
import org.springframework.stereotype.Component;

/** This process, among those that serve on one database. Each start is another replica. */
@Component
public final class Replica {
  private final UUID id = UUID.randomUUID();

  public UUID id() {
    return id;
  }
}
