/** Planted: may depend on nobody. */
@ApplicationModule(allowedDependencies = {})
package io.galerne.planted.quay;

import org.springframework.modulith.ApplicationModule;
