/** Answers from other machines that speak OpenAI's protocol, behind the engine's own interface. */
@ApplicationModule(
    displayName = "Remote backends",
    allowedDependencies = {
      "engine",
      "engine :: grammar",
      "engine :: sampling",
      "engine :: scheduler",
      "engine :: template",
      "outbound"
    })
@NullMarked
package io.galerne.remote;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
