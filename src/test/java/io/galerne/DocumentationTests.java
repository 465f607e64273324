package io.galerne;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.json.JsonMapper;

/** What the pages name exists. */
class DocumentationTests {
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
  private static final Pattern CODE = Pattern.compile("`([^`\\n]+)`");
  private static final Pattern PROPERTY = Pattern.compile("(?:galerne|spring|server)\\.[a-z.-]+");
  private static final Pattern FILE =
      Pattern.compile("\\.?[\\w-]+(?:/[\\w.-]+)+|[\\w-]+\\.(?:md|xml|yaml)");
  private static final Pattern CLASS = Pattern.compile("(?:([a-z.]+)\\.)?([A-Z][a-z]+[A-Z]\\w+)");
  private static final Pattern PROFILE = Pattern.compile("mvn[^\\n]* -P(\\w+)");
  private static final Pattern DRAWN = Pattern.compile("class=\"class\"[^>]*>([^<]+)<");

  /** Made by a run, or by the build. */
  private static final List<String> NOT_IN_A_CLONE = List.of("data/", "target/");

  private static final Path SOURCES = Path.of("src", "main", "java", "io", "galerne");

  @Test
  void linksLeadSomewhere() {
    List<String> broken = new ArrayList<>();
    for (Path page : RepositoryFiles.pages()) {
      for (String link : found(LINK, text(page))) {
        if (!link.contains("://") && !leadsSomewhere(page, link)) {
          broken.add(page + " -> " + link);
        }
      }
    }
    assertThat(broken).isEmpty();
    assertThat(leadsSomewhere(Path.of("README.md"), "docs/nothing.md")).isFalse();
    assertThat(leadsSomewhere(Path.of("README.md"), "docs/architecture.md#nothing")).isFalse();
  }

  @Test
  void propertiesExist() throws IOException {
    Set<String> known = knownProperties();

    assertThat(known)
        .contains("galerne.data-directory", "server.port")
        .doesNotContain("server.prt");
    assertThat(code(PROPERTY))
        .contains("galerne.data-directory", "spring.datasource.url", "server.port")
        .isSubsetOf(known);
  }

  @Test
  void filesExist() {
    assertThat(code(FILE))
        .contains("config/catalog.yaml", ".ci/run")
        .filteredOn(file -> NOT_IN_A_CLONE.stream().noneMatch(file::startsWith))
        .filteredOn(file -> !file.startsWith("config/application"))
        .allMatch(file -> Files.exists(Path.of(file)) || Files.exists(Path.of("docs", file)));
  }

  @Test
  void classesExist() {
    Set<String> sources =
        RepositoryFiles.all().stream()
            .filter(file -> file.toString().endsWith(".java"))
            .map(file -> file.getFileName().toString().replace(".java", ""))
            .collect(Collectors.toSet());
    String architecture = text(Path.of("docs", "architecture.md"));
    List<String> missing = new ArrayList<>();
    int named = 0;
    for (String code : found(CODE, architecture)) {
      Matcher name = CLASS.matcher(code);
      if (name.matches()) {
        named++;
        boolean exists =
            name.group(1) == null
                ? sources.contains(name.group(2))
                : Files.exists(SOURCES.resolve(code.replace('.', '/') + ".java"));
        if (!exists) {
          missing.add(code);
        }
      }
    }
    assertThat(missing).isEmpty();
    assertThat(named).isGreaterThan(20);
  }

  @Test
  void thePictureNamesClassesThatExist() {
    List<String> drawn =
        found(DRAWN, text(Path.of("docs", "request.svg"))).stream()
            .flatMap(names -> List.of(names.split(", ")).stream())
            .filter(name -> name.matches("[A-Z]\\w+"))
            .toList();

    assertThat(drawn)
        .hasSizeGreaterThan(10)
        .allMatch(
            name ->
                RepositoryFiles.all().stream()
                    .anyMatch(file -> file.startsWith(SOURCES) && file.endsWith(name + ".java")));
  }

  @Test
  void everyModuleIsInTheTable() throws IOException {
    String architecture = text(Path.of("docs", "architecture.md"));
    try (var folders = Files.walk(SOURCES)) {
      assertThat(folders.filter(folder -> Files.exists(folder.resolve("package-info.java"))))
          .map(folder -> SOURCES.relativize(folder).toString().replace('/', '.'))
          .filteredOn(module -> !module.isEmpty())
          .allMatch(module -> architecture.contains("| `" + module + "` |"));
    }
  }

  @Test
  void profilesExist() {
    String pom = text(Path.of("pom.xml"));
    for (Path page : RepositoryFiles.pages()) {
      assertThat(found(PROFILE, text(page)))
          .allMatch(profile -> pom.contains("<id>" + profile + "</id>"));
    }
  }

  private static boolean leadsSomewhere(Path page, String link) {
    String[] parts = link.split("#", 2);
    Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
    if (!Files.exists(target)) {
      return false;
    }
    return parts.length == 1
        || text(target)
            .lines()
            .filter(line -> line.startsWith("#"))
            .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT).replace(' ', '-'))
            .anyMatch(parts[1]::equals);
  }

  /** Pieces of code in the pages that have this form. */
  private static Set<String> code(Pattern form) {
    Set<String> code = new TreeSet<>();
    for (Path page : RepositoryFiles.pages()) {
      found(CODE, text(page)).stream()
          .filter(piece -> form.matcher(piece).matches())
          .forEach(code::add);
    }
    return code;
  }

  private static List<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(match -> match.group(1)).toList();
  }

  private static String text(Path page) {
    return RepositoryFiles.text(page).orElseThrow();
  }

  private static Set<String> knownProperties() throws IOException {
    Set<String> names = new TreeSet<>();
    JsonMapper mapper = new JsonMapper();
    for (Resource metadata :
        new PathMatchingResourcePatternResolver()
            .getResources("classpath*:META-INF/spring-configuration-metadata.json")) {
      mapper
          .readTree(metadata.getContentAsByteArray())
          .path("properties")
          .forEach(property -> names.add(property.path("name").asString()));
    }
    names.addAll(ownProperties());
    return names;
  }

  private static Set<String> ownProperties() {
    var scanner = new ClassPathScanningCandidateComponentProvider(false);
    scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
    Set<String> names = new TreeSet<>();
    for (var bean : scanner.findCandidateComponents("io.galerne")) {
      Class<?> type = ClassUtils.resolveClassName(String.valueOf(bean.getBeanClassName()), null);
      String prefix = type.getAnnotation(ConfigurationProperties.class).value();
      for (RecordComponent component : type.getRecordComponents()) {
        names.add(prefix + "." + kebab(component.getName()));
      }
    }
    return names;
  }

  private static String kebab(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
