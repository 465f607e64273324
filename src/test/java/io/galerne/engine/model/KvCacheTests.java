package io.galerne.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.engine.TinyModel;
import io.galerne.engine.gguf.GgmlType;
import io.galerne.engine.gguf.GgufFile;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KvCacheTests {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "-0.0, -0.0",
    // Half way between two halves: the even one.
    "2049, 2048",
    "2051, 2052",
    "2049.001, 2050",
    "65504, 65504",
    // Would round to infinity.
    "65520, 65504",
    "1e30, 65504",
    "-Infinity, -65504",
    // The smallest subnormal half and half of it.
    "5.9604645e-8, 5.9604645e-8",
    "2.9802322e-8, 0",
    "2.99e-8, 5.9604645e-8"
  })
  void roundsToTheNearestFiniteHalf(float number, float expected) {
    assertThat(Float.float16ToFloat(KvCache.half(number))).isEqualTo(expected);
  }

  @Test
  void storesAPositionWhereAttentionLooksForIt() {
    LlamaConfig config = config();
    var cache = new KvCache(config, 3);
    cache.prepare(2);
    float[] key = new float[config.kvSize() + 1];
    float[] value = new float[config.kvSize() + 1];
    for (int i = 0; i < config.kvSize(); i++) {
      key[i + 1] = i;
      value[i + 1] = -i;
    }
    cache.store(1, 2, 5, key, value, 1);
    int size = config.headSize();
    for (int i = 0; i < config.kvSize(); i++) {
      int head = i / size;
      short storedKey = cache.keys(1).array(2)[i * 16 + 5];
      short storedValue = cache.values(1).array(2)[(head * 16 + 5) * size + i % size];
      assertThat(Float.float16ToFloat(storedKey)).isEqualTo(i);
      assertThat(Float.float16ToFloat(storedValue)).isEqualTo(-i);
    }
  }

  @Test
  void countsTheBytesThatABlockTakes() {
    LlamaConfig config = config();
    var cache = new KvCache(config, 1);
    cache.prepare(0);
    long bytes = 0;
    for (int layer = 0; layer < config.layers(); layer++) {
      bytes +=
          (long) Short.BYTES
              * (cache.keys(layer).array(0).length + cache.values(layer).array(0).length);
    }
    assertThat(KvCache.blockBytes(config)).isEqualTo(bytes);
  }

  private LlamaConfig config() {
    Path path = TinyModel.writer(GgmlType.F32, 1).write(folder.resolve("tiny.gguf"));
    try (GgufFile file = GgufFile.open(path)) {
      return LlamaConfig.from(file.metadata());
    }
  }
}
