/** How the process starts: the JVM's modules, and what the terminal shows meanwhile. */
@ApplicationModule(displayName = "Launch")
@NullMarked
package io.galerne.launch;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
