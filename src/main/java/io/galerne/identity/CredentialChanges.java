package io.galerne.identity;

/** How sure this instance can be that what it remembers of keys is still true. */
interface CredentialChanges {
  /** How sure. */
  enum Knowledge {
    /** Every change until less than a second ago was heard of. */
    CURRENT,
    /** Something is late: ask the database. */
    UNCERTAIN,
    /** The database can't be asked, but could a short while ago. */
    CUT_OFF
  }

  Knowledge knowledge();
}
