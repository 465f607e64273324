package io.galerne.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.store.ModelStore;
import io.galerne.store.StoreFixture;
import io.galerne.store.TransferLimits;
import io.galerne.store.WeightsAddition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelAdditionTests {
  @TempDir Path folder;

  @Test
  void aCancelledAdditionLeavesTheStoreAsItWasAndCanBeRepeated() throws Exception {
    Path file = folder.resolve("tiny.gguf");
    StoreFixture.model(1).write(file);
    ModelStore store = new ModelStore(folder.resolve("store"));
    ModelAddition addition = new ModelAddition("tiny", "tiny.gguf");
    addition.cancel();
    assertThatThrownBy(() -> add(store, addition, file)).isInstanceOf(CancellationException.class);
    assertThat(store.entries()).isEmpty();

    ModelAddition again = new ModelAddition("tiny", "tiny.gguf");
    add(store, again, file);
    assertThat(store.find("tiny")).isPresent();
    assertThat(again.seen().done()).isEqualTo(Files.size(file));
  }

  private static void add(ModelStore store, ModelAddition addition, Path file) {
    new WeightsAddition(store, TransferLimits.DEFAULT, addition, Clock.systemUTC())
        .add(
            new WeightsAddition.Request(
                new WeightsAddition.Origin.Local(file), "tiny", null, null, null, _ -> true));
  }
}
