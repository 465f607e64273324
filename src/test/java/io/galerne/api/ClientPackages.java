package io.galerne.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.springframework.util.FileSystemUtils;

/**
 * A client's packages as its lock file pins them, installed into {@code target/clients} once for
 * each content of that file.
 */
public final class ClientPackages {
  private static final Path SOURCES = Path.of("src/test/clients");
  private static final Pattern UNREACHABLE =
      Pattern.compile(
          "ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|NewConnectionError|NameResolutionError"
              + "|Temporary failure in name resolution|Unknown host|Connection refused");

  private static final Map<String, Object> INSTALLING = new ConcurrentHashMap<>();
  private static final Path TARGET = Path.of("target/clients");

  private final String name;
  private final Platform runtime;

  public enum Platform {
    NODE("node", "package-lock.json"),
    PYTHON("python3", "requirements.txt"),
    /** Runs on a class path of its own: its Spring is another one than the service's. */
    JAVA("mvn", "pom.xml");

    private final String command;
    private final String lockFile;

    Platform(String command, String lockFile) {
      this.command = command;
      this.lockFile = lockFile;
    }

    /** Whether this machine can install and run such clients; if not, why. */
    public String lack() {
      List<List<String>> needed =
          switch (this) {
            case NODE -> List.of(List.of(command, "--version"), List.of("npm", "--version"));
            case PYTHON -> List.of(List.of(command, "-c", "import ensurepip, venv"));
            case JAVA -> List.of(List.of(command, "--version"));
          };
      for (List<String> probe : needed) {
        try {
          Result result = execute(Path.of("."), Map.of(), probe);
          if (result.exit() != 0) {
            return String.join(" ", probe) + " failed: " + result.output();
          }
        } catch (UncheckedIOException e) {
          return probe.getFirst() + " is not installed on this machine";
        }
      }
      return "";
    }
  }

  /** How a command ended, and all that it printed. */
  public record Result(int exit, String output) {}

  public ClientPackages(String name, Platform runtime) {
    this.name = name;
    this.runtime = runtime;
  }

  /** Installs what is missing and runs a script of {@code src/test/clients/scripts}. */
  public Result run(String script, Map<String, String> environment) throws IOException {
    return run(script, Files.readString(SOURCES.resolve("scripts").resolve(script)), environment);
  }

  /** Installs what is missing and runs a program under the name of a file. */
  public Result run(String script, String program, Map<String, String> environment)
      throws IOException {
    Path home = installed();
    // another may be reading it
    Path written = Files.writeString(Files.createTempFile(home, "script", ""), program);
    Files.move(written, home.resolve(script), StandardCopyOption.ATOMIC_MOVE);
    List<String> command =
        switch (runtime) {
          case NODE -> List.of(runtime.command, script);
          case PYTHON ->
              List.of(home.resolve("venv/bin/python").toAbsolutePath().toString(), script);
          case JAVA ->
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--class-path",
                  "lib/*",
                  script);
        };
    return execute(home, environment, command);
  }

  /** Where the packages are; what is missing is installed first. Safe for many threads. */
  public Path installed() throws IOException {
    synchronized (INSTALLING.computeIfAbsent(name, _ -> new Object())) {
      return install();
    }
  }

  private Path install() throws IOException {
    Path source = SOURCES.resolve(name);
    Path home = TARGET.resolve(name + "-" + digest(source.resolve(runtime.lockFile)));
    Path complete = home.resolve(".complete");
    if (Files.exists(complete)) {
      return home;
    }
    FileSystemUtils.deleteRecursively(home); // an installation that was cut short
    Files.createDirectories(home);
    try (var files = Files.list(source)) {
      for (Path file : files.toList()) {
        Files.copy(file, home.resolve(file.getFileName()));
      }
    }
    switch (runtime) {
      case NODE -> install(home, "npm", "ci", "--ignore-scripts");
      case PYTHON -> {
        install(home, runtime.command, "-m", "venv", "venv");
        install(
            home,
            "venv/bin/python",
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--requirement",
            runtime.lockFile);
      }
      case JAVA ->
          install(
              home,
              runtime.command,
              "--batch-mode",
              "--quiet",
              "dependency:copy-dependencies",
              "-DoutputDirectory=lib");
    }
    Files.createFile(complete);
    return home;
  }

  private static void install(Path home, String... command) {
    Result result = execute(home, Map.of(), List.of(command));
    // A machine without a way to the registry lacks the client as one without Node does.
    assumeFalse(
        result.exit() != 0 && UNREACHABLE.matcher(result.output()).find(),
        () -> String.join(" ", command) + " reaches no registry: " + result.output());
    assertThat(result.exit()).as("%s: %s", String.join(" ", command), result.output()).isZero();
  }

  private static Result execute(
      Path directory, Map<String, String> environment, List<String> command) {
    try {
      Path output = Files.createTempFile("client", ".log");
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.directory(directory.toFile()).redirectErrorStream(true);
      builder.redirectOutput(output.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(5, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        return new Result(-1, "no end within 5 minutes: " + Files.readString(output));
      }
      String text = Files.readString(output);
      Files.delete(output);
      return new Result(process.exitValue(), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String digest(Path file) throws IOException {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
