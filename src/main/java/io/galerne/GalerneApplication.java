package io.galerne;

import io.galerne.audit.AuditCommand;
import io.galerne.database.DatabaseHeadStart;
import io.galerne.launch.MigrateCommand;
import io.galerne.launch.PrepareCommand;
import io.galerne.launch.Relaunch;
import io.galerne.launch.Terminal;
import io.galerne.models.ModelsCommand;
import io.galerne.replay.ReplayCommand;
import io.galerne.secrets.SecretsCommand;
import io.galerne.serving.EngineHeadStart;
import java.time.Clock;
import java.util.Arrays;
import java.util.OptionalInt;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;

/** Starts Galerne: one process that serves the API, the console and the engine. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class GalerneApplication {
  public static void main(String[] args) {
    command(args).ifPresent(System::exit);
    Relaunch.withEngineModules();
    if (args.length > 0 && args[0].equals("replay")) {
      System.exit(ReplayCommand.run(Terminal.standard(), Arrays.copyOfRange(args, 1, args.length)));
    }
    SpringApplication application = new SpringApplication(GalerneApplication.class);
    application.addInitializers(new DatabaseHeadStart(), new EngineHeadStart());
    application.run(args);
  }

  /** The exit code of what was asked for instead of a server; empty if nothing was. */
  private static OptionalInt command(String[] args) {
    if (args.length == 0) {
      return OptionalInt.empty();
    }
    Terminal terminal = Terminal.standard();
    String[] rest = Arrays.copyOfRange(args, 1, args.length);
    return switch (args[0]) {
      case "models" -> OptionalInt.of(ModelsCommand.run(terminal, rest));
      case "audit" -> OptionalInt.of(AuditCommand.run(terminal, rest));
      case "secrets" -> OptionalInt.of(SecretsCommand.run(terminal, rest));
      case "prepare" -> OptionalInt.of(PrepareCommand.run(terminal, rest));
      case "migrate" -> OptionalInt.of(MigrateCommand.run(terminal, rest));
      case "operator-key" -> OptionalInt.of(OperatorKeyCommand.run(terminal, rest));
      default -> OptionalInt.empty();
    };
  }

  /** The one clock; tests put their own in its place. */
  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }
}
