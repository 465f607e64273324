package io.galerne.demo;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Settings of the demo tenant.
 *
 * @param enabled whether the start creates it; unset: with the embedded database only
 */
@ConfigurationProperties("galerne.demo")
record DemoProperties(@Nullable Boolean enabled) {}
