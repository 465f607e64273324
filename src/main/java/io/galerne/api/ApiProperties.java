package io.galerne.api;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How {@code /v1} takes requests.
 *
 * @param strict whether fields that the contract does not know are refused instead of ignored
 * @param bodyMax the largest request body
 * @param bodyTimeMax how long a client may take to send a body
 * @param headTimeMax how long a client may take to send a request's line and headers, whatever it
 *     sends in between
 * @param schemaMax the largest JSON Schema of an answer, or of a tool's parameters
 * @param toolsMax the most that all tools of a request may add up to
 */
@ConfigurationProperties("galerne.api")
record ApiProperties(
    @DefaultValue("false") boolean strict,
    @DefaultValue("1MB") DataSize bodyMax,
    @DefaultValue("30s") Duration bodyTimeMax,
    @DefaultValue("20s") Duration headTimeMax,
    @DefaultValue("128KB") DataSize schemaMax,
    @DefaultValue("256KB") DataSize toolsMax) {}
