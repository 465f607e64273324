/** The pages that people see. */
@ApplicationModule(displayName = "Console")
@NullMarked
package io.galerne.console;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
