package io.galerne.chaos;

import io.galerne.database.OwnPostgres;
import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Two replicas over one PostgreSQL, and a tenant whose requests they serve. */
final class Cluster {
  private static final JsonMapper JSON = new JsonMapper();

  final OwnPostgres postgres;
  final List<ReplicaProcess> replicas;
  private final Path folder;

  /** How replicas of this build are started. */
  final List<String> current;

  /** How they were started first. */
  final List<String> first;

  /** A tenant with the key of its owner. */
  record Tenant(UUID id, UUID owner, UUID workspace, String adminKey) {}

  /** A key for requests. */
  record Key(String id, String secret) {}

  /**
   * @param startsOften whether it pays to make an archive of classes first
   */
  Cluster(Path folder, boolean startsOften) throws IOException, SQLException, InterruptedException {
    this(folder, startsOften, List.of(), List.of());
  }

  /**
   * @param options more of the JVM's, for both replicas
   * @param settings more of the application's
   */
  Cluster(Path folder, boolean startsOften, List<String> options, List<String> settings)
      throws IOException, SQLException, InterruptedException {
    this(folder, startsOften, options, settings, null);
  }

  /**
   * @param otherBuild the class path of another build, with which both replicas start
   */
  Cluster(
      Path folder,
      boolean startsOften,
      List<String> options,
      List<String> settings,
      @Nullable String otherBuild)
      throws IOException, SQLException, InterruptedException {
    this.folder = folder;
    postgres = new OwnPostgres(folder);
    Path archive = folder.resolve("classes.aot");
    String classPath = classPath();
    List<String> served = new ArrayList<>(database(postgres.url()));
    served.addAll(settings);
    current = command(classPath, startsOften ? "-XX:AOTCache=" + archive : "-Xshare:auto", served);
    current.addAll(1, options);
    first = otherBuild == null ? current : command(otherBuild, "-Xshare:auto", served);
    replicas =
        List.of(new ReplicaProcess("a", folder, first), new ReplicaProcess("b", folder, first));
    if (startsOften) {
      // ends as soon as it has started, and leaves the archive
      List<String> training = command(classPath, "-XX:AOTCacheOutput=" + archive, served);
      training.add(1, "-Dspring.context.exit=onRefresh");
      new ReplicaProcess("training", folder, training).runToItsEnd();
    }
    ReplicaProcess one = replicas.getFirst();
    ReplicaProcess two = replicas.get(1);
    one.start();
    one.awaitReady();
    copySecrets(one.data(), two.data());
    two.start();
    two.awaitReady();
  }

  private static List<String> database(String url) {
    return List.of(
        "--spring.datasource.url=" + url,
        "--spring.datasource.username=" + OwnPostgres.USER,
        "--spring.datasource.password=" + OwnPostgres.PASSWORD);
  }

  /** How to start a replica, to which settings can be added. */
  static List<String> command(String classPath, String classes, List<String> settings) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx400m",
            classes,
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            classPath,
            ChaosReplica.class.getName(),
            "--spring.lifecycle.timeout-per-shutdown-phase=20s",
            "--springdoc.api-docs.enabled=false",
            "--springdoc.swagger-ui.enabled=false"));
    command.addAll(settings);
    return command;
  }

  /** This JVM's; an empty part would be the working directory, with all that lies there. */
  static List<String> ownClassPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(part -> !part.isEmpty())
        .toList();
  }

  /** Folders of classes as jars: an archive of classes knows no others. */
  private String classPath() throws IOException {
    List<String> parts = new ArrayList<>();
    for (String part : ownClassPath()) {
      Path path = Path.of(part);
      parts.add(Files.isDirectory(path) ? jar(path, parts.size()).toString() : part);
    }
    return String.join(File.pathSeparator, parts);
  }

  private Path jar(Path classes, int number) throws IOException {
    Path jar = folder.resolve("classes-" + number + ".jar");
    try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(jar));
        JarOutputStream out = new JarOutputStream(file);
        Stream<Path> files = Files.walk(classes)) {
      for (Path path : files.sorted().toList()) {
        String name = classes.relativize(path).toString();
        if (name.isEmpty()) {
          continue;
        }
        // packages that are scanned need entries of their own
        out.putNextEntry(new JarEntry(Files.isDirectory(path) ? name + "/" : name));
        if (!Files.isDirectory(path)) {
          Files.copy(path, out);
        }
        out.closeEntry();
      }
    }
    return jar;
  }

  static void copySecrets(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  int port(int replica) {
    return replicas.get(replica).port();
  }

  /** A call of the Admin API. */
  static JsonNode admin(int port, String key, String method, String path, String body)
      throws IOException {
    String headers = "x-api-key: " + key + "\r\nContent-Type: application/json\r\n";
    RawClient.Response response = RawClient.send(port, method, path, headers, body, _ -> {});
    if (response.status() != 200) {
      throw new IOException(method + " " + path + ": " + response.body());
    }
    return JSON.readTree(response.body());
  }

  Tenant newTenant(String name) throws IOException {
    return newTenant(replicas.getFirst(), name);
  }

  /** As {@link #newTenant(String)}, by a replica of one's own. */
  static Tenant newTenant(ReplicaProcess replica, String name) throws IOException {
    String operator = Files.readString(replica.data().resolve("operator-key")).strip();
    JsonNode created =
        admin(
            replica.port(),
            operator,
            "POST",
            "/v1/admin/organizations",
            """
            {"name": "%s", "owner": {"email": "owner@%s.example", "first_name": "O",
             "last_name": "W"}}
            """
                .formatted(name, name));
    return new Tenant(
        UUID.fromString(created.at("/organization/uuid").asString()),
        UUID.fromString(created.get("owner_uuid").asString()),
        UUID.fromString(created.get("workspace_uuid").asString()),
        created.get("admin_key").asString());
  }

  Key newKey(Tenant tenant) throws IOException {
    return newKey(replicas.getFirst(), tenant);
  }

  /** As {@link #newKey(Tenant)}, by a replica of one's own. */
  static Key newKey(ReplicaProcess replica, Tenant tenant) throws IOException {
    JsonNode created =
        admin(
            replica.port(),
            tenant.adminKey(),
            "POST",
            "/v1/admin/api-keys",
            "{\"name\": \"chaos\", \"workspace_uuid\": \"%s\", \"user_id\": \"%s\"}"
                .formatted(tenant.workspace(), tenant.owner()));
    return new Key(created.get("key_id").asString(), created.get("key").asString());
  }

  void stop() throws IOException, InterruptedException {
    for (ReplicaProcess replica : replicas) {
      replica.kill();
    }
    postgres.stop();
  }
}
