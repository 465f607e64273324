package io.galerne.billing;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.galerne.metering.ServiceClass;
import io.galerne.metering.ServiceKind;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One line of an invoice. Its amount is the exact cost of its requests, rounded once, half-even.
 *
 * @param line its place, from 1
 * @param period the month of the use, by its first day; earlier than the invoice's in an adjustment
 * @param priceVersion 0 if the model had no price
 * @param costPicos the exact cost in 1e-12 units, as a decimal number
 * @param reference of a correction
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"line", "kind", "period", "workspace_id", "model", "service", "service_class"})
public record InvoiceLine(
    int line,
    Kind kind,
    LocalDate period,
    @JsonProperty("workspace_id") @Nullable UUID workspaceId,
    @Nullable String model,
    @Nullable ServiceKind service,
    @JsonProperty("service_class") @Nullable ServiceClass serviceClass,
    @JsonProperty("price_version") @Nullable Long priceVersion,
    @JsonProperty("input_price") @Nullable Long inputPrice,
    @JsonProperty("cached_input_price") @Nullable Long cachedInputPrice,
    @JsonProperty("output_price") @Nullable Long outputPrice,
    long requests,
    @JsonProperty("prompt_tokens") long promptTokens,
    @JsonProperty("cached_prompt_tokens") long cachedPromptTokens,
    @JsonProperty("completion_tokens") long completionTokens,
    @JsonProperty("cost_picos") String costPicos,
    @JsonProperty("amount_micros") long amountMicros,
    @Nullable UUID reference,
    @Nullable String reason) {
  /** Where an amount comes from. */
  public enum Kind {
    /** Use in the invoice's own month. */
    USAGE,
    /** Use in an earlier month that became known after that month was closed. */
    ADJUSTMENT,
    /** A correction that somebody made. */
    CORRECTION
  }
}
