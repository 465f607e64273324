package io.galerne.api;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How {@code /v1} takes requests.
 *
 * @param strict whether fields that the contract does not know are refused instead of ignored
 * @param bodyMax the largest request body
 */
@ConfigurationProperties("galerne.api")
record ApiProperties(
    @DefaultValue("false") boolean strict, @DefaultValue("1MB") DataSize bodyMax) {}
