package io.galerne.store;

import io.galerne.engine.TinyModel;
import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.gguf.GgufWriter;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Small weights and what tests ask of them. */
public final class StoreFixture {
  private StoreFixture() {}

  /** A tiny model that names its licence. */
  public static GgufWriter model(long seed) {
    return TinyModel.writer(GgmlType.F32, seed).string("general.license", "apache-2.0");
  }

  public static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Keeps what it is told. */
  static final class Notes implements TransferListener {
    final List<String> notes = new ArrayList<>();
    final List<String> steps = new ArrayList<>();

    @Override
    public void begin(String step, long done, long total) {
      steps.add(step + " " + done + "/" + total);
    }

    @Override
    public void advance(long bytes) {}

    @Override
    public void end() {}

    @Override
    public void note(String text) {
      notes.add(text);
    }
  }
}
