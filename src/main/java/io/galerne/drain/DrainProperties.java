package io.galerne.drain;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param notice how long a replica that ends serves on with its readiness off, if somebody follows
 *     its readiness; {@code spring.lifecycle.timeout-per-shutdown-phase} is the time that answers
 *     have afterwards
 */
@ConfigurationProperties("galerne.drain")
record DrainProperties(@DefaultValue("5s") Duration notice) {}
