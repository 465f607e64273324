package io.galerne.moderation;

import java.util.Set;

/** The operator's floors that deployments may name. */
public interface ModerationFloors {
  Set<String> names();
}
