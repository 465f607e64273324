/** One way through for every request: resolve, admit, generate, settle. */
@ApplicationModule(displayName = "Serving")
@NullMarked
package io.galerne.serving;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
