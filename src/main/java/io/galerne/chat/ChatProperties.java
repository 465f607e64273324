package io.galerne.chat;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The bounds of the chat.
 *
 * @param conversationsMax most conversations that a member keeps
 * @param messagesMax most messages of a conversation, those of all its branches together
 * @param messageCharsMax the longest question
 * @param answerTokensMax the longest answer
 * @param runningMax most answers of a member that are in progress
 * @param searchedMax most messages that a search opens, the newest first
 * @param saveEvery how often an answer in progress is saved as far as it has come
 * @param keepEvery how often old conversations are looked for
 */
@Validated
@ConfigurationProperties("galerne.chat")
public record ChatProperties(
    @Min(1) @Max(100_000) @DefaultValue("2000") int conversationsMax,
    @Min(2) @Max(10_000) @DefaultValue("1000") int messagesMax,
    @Min(1) @Max(100_000) @DefaultValue("32000") int messageCharsMax,
    @Min(1) @Max(100_000) @DefaultValue("4096") int answerTokensMax,
    @Min(1) @Max(100) @DefaultValue("3") int runningMax,
    @Min(1) @Max(100_000) @DefaultValue("10000") int searchedMax,
    @DurationMin(millis = 100) @DefaultValue("1s") Duration saveEvery,
    @DurationMin(seconds = 1) @DefaultValue("10m") Duration keepEvery) {}
