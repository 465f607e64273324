package io.galerne.chaos;

import io.galerne.GalerneApplication;
import io.galerne.serving.ScriptedHeadStart;
import org.springframework.boot.SpringApplication;

/** The whole application but for inference, as a process that can be killed. */
public final class ChaosReplica {
  private ChaosReplica() {}

  public static void main(String[] args) {
    SpringApplication application = new SpringApplication(GalerneApplication.class);
    application.addInitializers(new ScriptedHeadStart(PacedEngine::new));
    application.run(args);
  }
}
