package io.galerne.launch;

import io.galerne.database.DataDirectory;
import io.galerne.demo.DemoTenant;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Tells whoever started Galerne at a terminal where to click and what to paste. */
@Component
final class StartupAnnouncement {
  private final DataDirectory data;
  private final ObjectProvider<FirstDoor> doors;
  private final Environment environment;

  StartupAnnouncement(
      DataDirectory data, ObjectProvider<FirstDoor> doors, Environment environment) {
    this.data = data;
    this.doors = doors;
    this.environment = environment;
  }

  @EventListener
  void on(ApplicationReadyEvent ready) {
    if (ready.getApplicationContext() instanceof WebServerApplicationContext web
        && web.getWebServer() != null) {
      System.out.println(text(web.getWebServer().getPort()));
    }
  }

  String text(int port) {
    boolean tls = environment.getProperty("server.ssl.enabled", Boolean.class, false);
    String base =
        (tls ? "https" : "http")
            + "://localhost:"
            + port
            + environment.getProperty("server.servlet.context-path", "");
    Path key = data.file(DemoTenant.KEY_FILE);
    String keyWords = Files.exists(key) ? "$(cat " + key + ")" : "<an API key>";
    String open =
        doors.stream()
            .flatMap(door -> door.path().stream())
            .findFirst()
            .map(path -> "Open this to chat; it signs you in once:\n  " + base + path)
            .orElse("Open " + base + "/");
    return """

    Galerne is ready. %3$s

    Ask it something:
      curl %1$s/v1/chat/completions -H "Authorization: Bearer %2$s" -H 'Content-Type: application/json' \
    -d '{"model":"mistral-small-latest","temperature":0,"max_tokens":100,"messages":[{"role":"user","content":"What is the capital of France?"}]}'
    """
        .formatted(base, keyWords, open);
  }
}
