package io.galerne.metering;

/** What kind of request a line of the ledger is for. */
public enum ServiceKind {
  CHAT,
  EMBEDDING,
  FIM,
  MODERATION,
  CLASSIFICATION
}
