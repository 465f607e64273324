package io.galerne.serving;

import io.galerne.engine.WeightsException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells an operator which file of weights cannot be served, and why. */
final class WeightsFailureAnalyzer extends AbstractFailureAnalyzer<WeightsException> {
  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, WeightsException cause) {
    return new FailureAnalysis(
        "Weights can't be served: " + cause.getMessage(),
        "Name another file in galerne.catalog.weights (config/catalog.yaml), or fetch it again if"
            + " it was damaged.",
        cause);
  }
}
