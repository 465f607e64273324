package io.galerne.secrets;

/** Keeps on record that somebody changed the key for secrets. */
public interface RotationWitness {
  /**
   * Called before the first value is changed; the change does not begin where this fails.
   *
   * @param key the name of the key that values are put under
   * @param isNew whether this change made the key
   */
  void begins(String key, boolean isNew);

  /**
   * @param changed how many values were put under the key
   * @param complete whether all are under it now
   */
  void ended(String key, long changed, boolean complete);
}
