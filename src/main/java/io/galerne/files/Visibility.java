package io.galerne.files;

/** Who sees a file. */
public enum Visibility {
  /** Every key of the workspace. */
  WORKSPACE,
  /** The key that it was uploaded with. */
  USER
}
