package io.galerne.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.launch.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trails that somebody has been at. */
class AuditTamperingTests {
  private static final int ROWS = 200;

  private final UUID tenant = UUID.randomUUID();
  private final Signer signer = Signer.fresh();
  private final List<ChainLink> chain = chain(ROWS, "value");

  private List<ChainLink> chain(int rows, String details) {
    List<ChainLink> links = new ArrayList<>();
    String previous = ChainLink.START;
    for (int i = 1; i <= rows; i++) {
      SortedMap<String, String> content = new TreeMap<>();
      content.put("action", "api_key.create");
      content.put("details", "{\"name\":\"" + details + i + "\"}");
      content.put("at", "2026-01-01T00:00:00Z");
      ChainLink link = ChainLink.after(previous, tenant, Trail.EVENTS, i, content);
      links.add(link);
      previous = link.hash();
    }
    return links;
  }

  private Checkpoint checkpoint(ChainLink link, Signer by) {
    String signature =
        by.sign(Checkpoint.statement(tenant, Trail.EVENTS, link.seq(), link.hash(), 7));
    return new Checkpoint(
        tenant, Trail.EVENTS, link.seq(), link.hash(), 7, by.publicKey(), signature);
  }

  private byte[] file(List<ChainLink> links, Signer by) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ExportFile.Writer file =
        new ExportFile.Writer(
            out,
            by,
            new ExportFile.Header(1, tenant, Trail.EVENTS, 0, ChainLink.START, by.publicKey()));
    for (ChainLink link : links) {
      file.row(link);
    }
    for (int i = 49; i < links.size(); i += 50) {
      file.checkpoint(checkpoint(links.get(i), by));
    }
    file.end();
    return out.toByteArray();
  }

  private Verdict verify(byte[] file, Checkpoint... anchors) throws IOException {
    return ExportFile.verify(new ByteArrayInputStream(file), signer.publicKey(), List.of(anchors));
  }

  @Test
  void whatNobodyTouchedIsIntact() throws IOException {
    assertThat(verify(file(chain, signer), checkpoint(chain.getLast(), signer)))
        .isEqualTo(new Verdict.Intact(ROWS, ROWS, signer.publicKey()));
  }

  /** 1 000 random changes of an exported file: 1 000 found. */
  @Test
  void everyTamperingWithAFileIsFound() throws IOException {
    byte[] good = file(chain, signer);
    Random random = new Random(30);
    int found = 0;
    for (int i = 0; i < 1_000; i++) {
      byte[] bad = tampered(good, random);
      assertThat(bad).as("tampering %d changes something", i).isNotEqualTo(good);
      if (verify(bad) instanceof Verdict.Broken) {
        found++;
      }
    }
    assertThat(found).isEqualTo(1_000);
  }

  private byte[] tampered(byte[] good, Random random) {
    List<String> lines = new ArrayList<>(new String(good, StandardCharsets.UTF_8).lines().toList());
    int at = random.nextInt(lines.size());
    int other = (at + 1 + random.nextInt(lines.size() - 1)) % lines.size();
    switch (random.nextInt(7)) {
      case 0 -> lines.remove(at);
      case 1 -> Collections.swap(lines, at, other);
      case 2 -> lines.add(at, lines.get(other));
      case 3 -> lines.subList(at, lines.size()).clear();
      case 4 -> {
        int changed = random.nextInt(good.length);
        byte[] bad = good.clone();
        bad[changed] ^= (byte) (1 << random.nextInt(7));
        return bad;
      }
      case 5 -> {
        return Arrays.copyOf(good, random.nextInt(good.length));
      }
      default -> lines.set(at, lines.get(at).replaceFirst("[0-9]", "x"));
    }
    return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Somebody with the database but not the key computes all hashes again: 300 rewritten trails,
   * each found by the checkpoints that were signed before.
   */
  @Test
  void aTrailThatWasComputedAgainIsFound() {
    Random random = new Random(31);
    Checkpoint signed = checkpoint(chain.getLast(), signer);
    for (int i = 0; i < 300; i++) {
      List<ChainLink> rewritten = rewritten(random);
      ChainCheck check = new ChainCheck(tenant, Trail.EVENTS, 0, ChainLink.START);
      check.mustPass(signed, signer.publicKey());
      rewritten.forEach(check::next);
      assertThat(check.end(signer.publicKey())).isInstanceOf(Verdict.Broken.class);

      // the control: without the checkpoint nobody can tell
      ChainCheck blind = new ChainCheck(tenant, Trail.EVENTS, 0, ChainLink.START);
      rewritten.forEach(blind::next);
      assertThat(blind.end(signer.publicKey())).isInstanceOf(Verdict.Intact.class);
    }
  }

  private List<ChainLink> rewritten(Random random) {
    List<SortedMap<String, String>> contents =
        new ArrayList<>(chain.stream().map(ChainLink::content).toList());
    int at = random.nextInt(contents.size());
    switch (random.nextInt(3)) {
      case 0 -> contents.remove(at);
      case 1 -> Collections.swap(contents, at, (at + 1) % contents.size());
      default -> {
        SortedMap<String, String> changed = new TreeMap<>(contents.get(at));
        changed.put("action", "api_key.delete");
        contents.set(at, changed);
      }
    }
    List<ChainLink> links = new ArrayList<>();
    String previous = ChainLink.START;
    for (SortedMap<String, String> content : contents) {
      ChainLink link = ChainLink.after(previous, tenant, Trail.EVENTS, links.size() + 1L, content);
      links.add(link);
      previous = link.hash();
    }
    return links;
  }

  @Test
  void aForgedFileIsFoundByTheKeyAndAnOldOneByTheAnchor() throws IOException {
    Signer forger = Signer.fresh();
    byte[] forged = file(chain(ROWS, "forged"), forger);
    assertThat(verify(forged)).isInstanceOf(Verdict.Broken.class);
    assertThat(ExportFile.verify(new ByteArrayInputStream(forged), null, List.of()))
        .isInstanceOf(Verdict.Intact.class); // a file's own key proves only that it is of one piece

    byte[] old = file(chain.subList(0, 150), signer); // signed, but the tail is gone
    assertThat(verify(old)).isInstanceOf(Verdict.Intact.class);
    assertThat(verify(old, checkpoint(chain.getLast(), signer))).isInstanceOf(Verdict.Broken.class);
  }

  @Test
  void theCommandTellsByItsExitCode(@TempDir Path folder) throws IOException {
    Path good = Files.write(folder.resolve("good.jsonl"), file(chain, signer));
    byte[] bytes = Files.readAllBytes(good);
    bytes[bytes.length / 2] ^= 1;
    Path bad = Files.write(folder.resolve("bad.jsonl"), bytes);
    StringWriter out = new StringWriter();

    assertThat(run(out, "verify", good.toString(), "--key", signer.publicKey())).isZero();
    assertThat(out.toString()).contains("Intact: 200 rows up to row 200");
    assertThat(run(out, "verify", bad.toString())).isEqualTo(1);
    assertThat(out.toString()).contains("Broken at");
    assertThat(run(out, "verify", folder.resolve("none").toString())).isEqualTo(1);
    assertThat(run(out, "verify")).isEqualTo(2);
  }

  private static int run(StringWriter out, String... args) {
    PrintWriter writer = new PrintWriter(out, true);
    return AuditCommand.run(new Terminal(writer, writer, Optional.empty()), args);
  }
}
