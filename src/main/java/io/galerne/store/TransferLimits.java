package io.galerne.store;

import java.time.Duration;

/**
 * The bounds of a transfer.
 *
 * @param bytesMax of the whole file
 * @param bytesReserve that stay free on the disk
 * @param redirectsMax followed one after the other
 * @param answerTime to connect, and then to answer
 * @param window in which at least {@code windowBytesMin} must arrive
 */
public record TransferLimits(
    long bytesMax,
    long bytesReserve,
    int redirectsMax,
    Duration answerTime,
    Duration window,
    long windowBytesMin) {
  /** 1 TB, 64 MB of room, 5 redirects; 30 s to answer, and 16 kB in each 30 s. */
  public static final TransferLimits DEFAULT =
      new TransferLimits(
          1_000_000_000_000L,
          64_000_000,
          5,
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          16_000);

  public TransferLimits withBytesMax(long bytes) {
    return new TransferLimits(
        bytes, bytesReserve, redirectsMax, answerTime, window, windowBytesMin);
  }
}
