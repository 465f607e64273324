package io.galerne.serving;

import io.galerne.embedding.Urgency;
import io.galerne.engine.scheduler.Priority;
import io.galerne.metering.ServiceClass;
import io.galerne.metering.UsageLedger;

/**
 * On which terms a request is served.
 *
 * @param ledger where its line goes; a batch keeps the line until it stores the answer
 */
public record Terms(ServiceClass serviceClass, UsageLedger ledger) {
  Urgency urgency() {
    return switch (serviceClass) {
      case REALTIME -> Urgency.NOW;
      case BATCH -> Urgency.LATER;
    };
  }

  Priority priority() {
    return switch (serviceClass) {
      case REALTIME -> Priority.INTERACTIVE;
      case BATCH -> Priority.BATCH;
    };
  }
}
