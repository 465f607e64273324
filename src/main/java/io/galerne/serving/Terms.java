package io.galerne.serving;

import io.galerne.engine.scheduler.Priority;
import io.galerne.metering.ServiceClass;
import io.galerne.metering.UsageLedger;

/**
 * On which terms a request is served.
 *
 * @param ledger where its line goes; a batch keeps the line until it stores the answer
 */
public record Terms(ServiceClass serviceClass, UsageLedger ledger) {
  Priority priority() {
    return switch (serviceClass) {
      case REALTIME -> Priority.INTERACTIVE;
      case BATCH -> Priority.BATCH;
    };
  }
}
