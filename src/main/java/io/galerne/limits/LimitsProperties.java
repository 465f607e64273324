package io.galerne.limits;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How limits are applied; what they are is data.
 *
 * @param defaultPlan the plan of tenants that have none
 * @param termsRemembered how long a changed plan or limit may go unseen
 * @param blockTokens tokens of an answer that are reserved at once
 * @param returnWait how long an answer rests while all that is left is reserved by others
 */
@Validated
@ConfigurationProperties("galerne.limits")
public record LimitsProperties(
    @NotBlank @DefaultValue("standard") String defaultPlan,
    @DurationMin(millis = 1) @DefaultValue("1s") Duration termsRemembered,
    @Min(2) @DefaultValue("128") int blockTokens,
    @DurationMin(millis = 0) @DefaultValue("2s") Duration returnWait) {}
