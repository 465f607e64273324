/** The wire contract of {@code /v1}: controllers, records and error envelopes. */
@ApplicationModule(displayName = "API")
@NullMarked
package io.galerne.api;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
