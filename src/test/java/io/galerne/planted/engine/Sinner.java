package io.galerne.planted.engine;

import java.util.logging.Logger;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;

/** Planted: breaks every rule of the engine. */
final class Sinner {
  @Autowired @Nullable ApplicationContext context;

  int sin() {
    Logger.getLogger("sin").info("logged");
    System.out.println("printed");
    return FloatVector.SPECIES_PREFERRED.length();
  }
}
