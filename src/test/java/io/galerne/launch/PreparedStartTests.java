package io.galerne.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparedStartTests {
  @TempDir Path folder;
  private Path jar;
  private PreparedStart prepared;

  @BeforeEach
  void prepare() throws IOException {
    jar = Files.writeString(folder.resolve("galerne-1.2.jar"), "jar");
    prepared = PreparedStart.of(jar);
    Files.createDirectory(prepared.folder());
    Files.writeString(prepared.cache(), "cache");
    prepared.seal();
  }

  @Test
  void liesBesideTheJar() {
    assertThat(prepared.folder()).isEqualTo(folder.resolve("galerne-1.2-prepared"));
    assertThat(prepared.program()).isEqualTo(prepared.folder().resolve("galerne-1.2.jar"));
    assertThat(prepared.isFresh()).isTrue();
  }

  @Test
  void isStaleForAnotherJarOfTheName() throws IOException {
    Files.setLastModifiedTime(jar, FileTime.fromMillis(1));
    assertThat(prepared.isFresh()).isFalse();
  }

  @Test
  void isStaleForAnotherJvm() throws IOException {
    Path madeOf = prepared.folder().resolve("made-of");
    Files.writeString(
        madeOf,
        Files.readString(madeOf).replace(System.getProperty("java.vm.version"), "24.0.1+9"));
    assertThat(prepared.isFresh()).isFalse();
  }

  @Test
  void isNothingWithoutACacheOrWhenItsMakingWasCutOff() throws IOException {
    Files.delete(prepared.cache());
    assertThat(prepared.isFresh()).isFalse();
    Files.writeString(prepared.cache(), "cache");
    Files.delete(prepared.folder().resolve("made-of"));
    assertThat(prepared.isFresh()).isFalse();
  }

  @Test
  void belongsToTheJarOfACommandLine() {
    CommandLine line =
        new CommandLine("java", List.of("-Xmx1g", "-jar", jar.toString(), "--server.port=1"));
    assertThat(PreparedStart.of(line)).contains(prepared);
    assertThat(line.withJar(prepared.program()).arguments())
        .containsExactly("-Xmx1g", "-jar", prepared.program().toString(), "--server.port=1");
    assertThat(PreparedStart.of(new CommandLine("java", List.of("-cp", "x", "Main")))).isEmpty();
    assertThat(PreparedStart.of(new CommandLine("java", List.of("-jar")))).isEmpty();
  }
}
