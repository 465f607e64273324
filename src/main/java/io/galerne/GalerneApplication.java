package io.galerne;

import io.galerne.audit.AuditCommand;
import io.galerne.database.DatabaseHeadStart;
import io.galerne.launch.Relaunch;
import io.galerne.launch.Terminal;
import io.galerne.models.ModelsCommand;
import io.galerne.serving.EngineHeadStart;
import java.time.Clock;
import java.util.Arrays;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;

/** Starts Galerne: one process that serves the API, the console and the engine. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class GalerneApplication {
  public static void main(String[] args) {
    if (args.length > 0 && args[0].equals("models")) {
      System.exit(ModelsCommand.run(Terminal.standard(), Arrays.copyOfRange(args, 1, args.length)));
    }
    if (args.length > 0 && args[0].equals("audit")) {
      System.exit(AuditCommand.run(Terminal.standard(), Arrays.copyOfRange(args, 1, args.length)));
    }
    Relaunch.withEngineModules();
    SpringApplication application = new SpringApplication(GalerneApplication.class);
    application.addInitializers(new DatabaseHeadStart(), new EngineHeadStart());
    application.run(args);
  }

  /** The one clock; tests put their own in its place. */
  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }
}
