package io.galerne.api;

import java.util.UUID;

/** Tells that something is gone. */
record DeletedEntry(UUID id, String object, boolean deleted) {}
