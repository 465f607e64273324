package io.galerne.observability;

import io.galerne.remote.BackendState;
import io.galerne.remote.RemoteEngine;
import io.galerne.remote.UsageChecks;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What only engines on other machines have: machines that may be away, counts to be checked. */
record RemoteMeters(MeterRegistry meters, String weights, RemoteEngine engine) {
  List<Meter> all() {
    List<Meter> all = new ArrayList<>();
    for (int i = 0; i < engine.backends().size(); i++) {
      all.add(gauge(i, "up", "1 while it answers when asked", state -> state.up() ? 1 : 0));
      all.add(
          gauge(
              i,
              "avoided",
              "1 while it is left alone since it failed too often",
              state -> state.avoided() ? 1 : 0));
      all.add(gauge(i, "requests", "In progress there", BackendState::requests));
      all.add(
          gauge(
              i,
              "outstanding.tokens",
              "Tokens that requests there may still take",
              BackendState::outstandingTokens));
    }
    all.add(check("agreed", UsageChecks::agreed));
    all.add(check("disputed", UsageChecks::disputed));
    all.add(check("untold", UsageChecks::untold));
    return all;
  }

  private Meter gauge(
      int backend, String name, String description, ToDoubleFunction<BackendState> value) {
    String authority = engine.backends().get(backend).url().getAuthority();
    return Gauge.builder(
            "galerne.backend." + name,
            engine,
            each -> value.applyAsDouble(each.backends().get(backend)))
        .description(description)
        .tags(Tags.of("weights", weights, "backend", authority))
        .strongReference(true)
        .register(meters);
  }

  private Meter check(String outcome, ToDoubleFunction<UsageChecks> value) {
    return FunctionCounter.builder(
            "galerne.backend.usage.checks", engine, each -> value.applyAsDouble(each.usageChecks()))
        .description("Answers whose count of tokens by the backend was held against ours")
        .tags(Tags.of("weights", weights, "outcome", outcome))
        .register(meters);
  }
}
