package io.galerne.metering;

import java.time.LocalDate;

/** What one tenant used of one model on one day (UTC). */
public record DailyUsage(
    LocalDate day, String model, long requests, long promptTokens, long completionTokens) {}
