/** The demo tenant that the first start creates. */
@ApplicationModule(displayName = "Demo")
@NullMarked
package io.galerne.demo;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
