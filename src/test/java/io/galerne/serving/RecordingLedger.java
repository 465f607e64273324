package io.galerne.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.metering.UsageLedger;
import io.galerne.metering.UsageNotRecordedException;
import io.galerne.metering.UsageRecord;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A ledger in memory that can be told to fail. */
public final class RecordingLedger implements UsageLedger {
  private final BlockingQueue<UsageRecord> records = new LinkedBlockingQueue<>();
  private volatile boolean broken;

  @Override
  public void record(UsageRecord usage) {
    if (broken) {
      throw new UsageNotRecordedException(usage, new IllegalStateException("the ledger is broken"));
    }
    records.add(usage);
  }

  public void breakDown() {
    broken = true;
  }

  public void reset() {
    broken = false;
    records.clear();
  }

  /** What was recorded and not taken yet. */
  public List<UsageRecord> records() {
    return List.copyOf(records);
  }

  /** Waits for the only record. */
  public UsageRecord only() throws InterruptedException {
    UsageRecord usage = records.poll(20, TimeUnit.SECONDS);
    assertThat(usage).as("a line in the ledger").isNotNull();
    assertThat(records).as("further lines").isEmpty();
    return usage;
  }
}
