package io.galerne.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A chain as a file that can be verified anywhere: a line of JSON that says what it is, the rows,
 * the checkpoints, and a signed line over all bytes before it.
 */
final class ExportFile {
  private static final int LINE_BYTES_MAX = 4 << 20;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private ExportFile() {}

  /**
   * The first line.
   *
   * @param afterSeq the row before the first one here; rows up to it were pruned
   * @param afterHash its hash
   */
  @JsonPropertyOrder({"galerne_audit", "tenant_id", "trail", "after_seq", "after_hash"})
  record Header(
      @JsonProperty("galerne_audit") int version,
      @JsonProperty("tenant_id") UUID tenantId,
      @JsonProperty("trail") Trail trail,
      @JsonProperty("after_seq") long afterSeq,
      @JsonProperty("after_hash") String afterHash,
      @JsonProperty("public_key") String publicKey) {}

  @JsonPropertyOrder({"row", "checkpoint", "end"})
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Line(
      @JsonProperty("row") @Nullable ChainLink row,
      @JsonProperty("checkpoint") @Nullable Checkpoint checkpoint,
      @JsonProperty("end") @Nullable End end) {}

  @JsonPropertyOrder({"sha256", "signature"})
  private record End(
      @JsonProperty("sha256") String sha256, @JsonProperty("signature") String signature) {}

  /** Writes a file line by line. */
  static final class Writer {
    private final OutputStream out;
    private final Signer signer;
    private final MessageDigest digest = ChainLink.digest();

    Writer(OutputStream out, Signer signer, Header header) throws IOException {
      this.out = out;
      this.signer = signer;
      line(header);
    }

    void row(ChainLink link) throws IOException {
      line(new Line(link, null, null));
    }

    void checkpoint(Checkpoint checkpoint) throws IOException {
      line(new Line(null, checkpoint, null));
    }

    void end() throws IOException {
      String sha256 = ChainLink.hex(digest.digest());
      line(new Line(null, null, new End(sha256, signer.sign(statement(sha256)))));
      out.flush();
    }

    private void line(Object value) throws IOException {
      byte[] bytes = (JSON.writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8);
      digest.update(bytes);
      out.write(bytes);
    }
  }

  private static byte[] statement(String sha256) {
    return ("galerne-audit-export-1|" + sha256).getBytes(StandardCharsets.UTF_8);
  }

  /** A file can't be verified for it is none. */
  static final class NoExport extends Exception {
    NoExport(String reason) {
      super(reason, null, false, false);
    }
  }

  /**
   * Looks a file through.
   *
   * @param trustedKey the key that must have signed; null trusts the one that the file names
   * @param anchors checkpoints that were kept elsewhere
   */
  static Verdict verify(InputStream in, @Nullable String trustedKey, List<Checkpoint> anchors)
      throws IOException {
    try (InputStream buffered = new BufferedInputStream(in, 1 << 16)) {
      return new Reading(buffered, trustedKey, anchors).verdict();
    } catch (NoExport | JacksonException e) {
      return new Verdict.Broken("file", "a line is not as it was written: " + reason(e));
    }
  }

  private static String reason(Exception e) {
    return e instanceof NoExport ? String.valueOf(e.getMessage()) : "no JSON of that form";
  }

  private static final class Reading {
    private final InputStream in;
    private final @Nullable String trustedKey;
    private final List<Checkpoint> anchors;
    private final MessageDigest digest = ChainLink.digest();

    Reading(InputStream in, @Nullable String trustedKey, List<Checkpoint> anchors) {
      this.in = in;
      this.trustedKey = trustedKey;
      this.anchors = anchors;
    }

    Verdict verdict() throws IOException, NoExport {
      byte[] first = line();
      if (first == null) {
        return new Verdict.Broken("file", "it is empty");
      }
      Header header = read(first, Header.class);
      digest.update(first);
      String key = trustedKey == null ? header.publicKey() : trustedKey;
      ChainCheck check =
          new ChainCheck(header.tenantId(), header.trail(), header.afterSeq(), header.afterHash());
      if (header.afterSeq() == 0 && !header.afterHash().equals(ChainLink.START)) {
        check.fail("header", "a chain does not begin like this");
      }
      anchors.stream()
          .filter(anchor -> anchor.tenantId().equals(header.tenantId()))
          .filter(anchor -> anchor.trail() == header.trail())
          .filter(anchor -> anchor.seq() >= header.afterSeq())
          .forEach(anchor -> check.mustPass(anchor, key));
      boolean[] ended = new boolean[1];
      lines(
          line -> {
            if (line.row() != null) {
              check.next(line.row());
            } else if (line.checkpoint() != null) {
              atCheckpoint(check, line.checkpoint(), key);
            } else if (line.end() != null) {
              ended[0] = true;
              String sha256 = ChainLink.hex(digest.digest());
              if (!line.end().sha256().equals(sha256)
                  || !Signer.verify(key, statement(sha256), line.end().signature())) {
                check.fail("end", "the signature is not of this file and this key");
              }
            }
          });
      if (!ended[0]) {
        check.fail("end", "the signed last line is missing: the file was cut off");
      }
      return check.end(key);
    }

    private static void atCheckpoint(ChainCheck check, Checkpoint checkpoint, String key) {
      check.mustPass(checkpoint, key);
      if (checkpoint.seq() == check.seq() && !checkpoint.hash().equals(check.hash())) {
        check.fail("checkpoint " + checkpoint.seq(), "the row has another hash");
      }
    }

    private void lines(Consumer<Line> each) throws IOException, NoExport {
      boolean ended = false;
      for (byte[] bytes = line(); bytes != null; bytes = line()) {
        if (ended) {
          throw new NoExport("something follows the end");
        }
        Line line = read(bytes, Line.class);
        each.accept(line);
        ended = line.end() != null;
        digest.update(bytes);
      }
    }

    /** A line must be written as we write it: there is one spelling of everything. */
    private static <T> T read(byte[] bytes, Class<T> type) throws NoExport {
      T value = JSON.readValue(bytes, type);
      if (value == null
          || !Arrays.equals(
              (JSON.writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8), bytes)) {
        throw new NoExport("another spelling");
      }
      return value;
    }

    private byte @Nullable [] line() throws IOException, NoExport {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int c = in.read(); c >= 0; c = in.read()) {
        line.write(c);
        if (c == '\n') {
          return line.toByteArray();
        }
        if (line.size() > LINE_BYTES_MAX) {
          throw new NoExport("a line has no end");
        }
      }
      if (line.size() > 0) {
        throw new NoExport("the last line is cut off");
      }
      return null;
    }
  }
}
