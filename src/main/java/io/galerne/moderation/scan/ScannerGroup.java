package io.galerne.moderation.scan;

import java.util.List;

/** Several scanners as one. */
public record ScannerGroup(List<Scanner> scanners) implements Scanner {
  public ScannerGroup {
    scanners = List.copyOf(scanners);
  }

  @Override
  public void next(int codePoint, int start, int end, Hits hits) {
    for (Scanner scanner : scanners) {
      scanner.next(codePoint, start, end, hits);
    }
  }

  @Override
  public void end(Hits hits) {
    for (Scanner scanner : scanners) {
      scanner.end(hits);
    }
  }

  @Override
  public int pendingFrom() {
    int first = NOTHING;
    for (Scanner scanner : scanners) {
      first = Math.min(first, scanner.pendingFrom());
    }
    return first;
  }
}
