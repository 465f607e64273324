/**
 * The inference engine behind one facade. It knows no Spring, no tenant and no database: callers
 * hand it token ids and sampling parameters and read text back.
 */
@ApplicationModule(
    displayName = "Engine",
    allowedDependencies = {})
@NullMarked
package io.galerne.engine;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
