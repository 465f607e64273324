/**
 * The chat for people: conversations that only their member sees, answers through {@code serving}
 * like any client's, and what a tenant decides about its chat. It is used with a session, never
 * with a key.
 */
@ApplicationModule(
    displayName = "Chat",
    allowedDependencies = {
      "audit",
      "catalog",
      "database",
      "engine",
      "engine :: sampling",
      "engine :: template",
      "identity",
      "limits",
      "metering",
      "secrets",
      "serving",
      "shell",
      "signin"
    })
@NullMarked
package io.galerne.chat;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
