/** Which models are offered, under which names, and which weights really serve them. */
@ApplicationModule(
    displayName = "Catalogue",
    allowedDependencies = {"embedding", "engine", "engine :: template", "store"})
@NullMarked
package io.galerne.catalog;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
