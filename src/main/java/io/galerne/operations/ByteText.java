package io.galerne.operations;

import io.galerne.store.ByteCount;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** Sizes and times as a person reads them. */
@Component("sizes")
public class ByteText {
  public String of(long bytes) {
    return ByteCount.of(bytes);
  }

  /** Days, hours and minutes. */
  public String time(Duration time) {
    String text = time.toDaysPart() > 0 ? time.toDaysPart() + " d " : "";
    return text + time.toHoursPart() + " h " + time.toMinutesPart() + " min";
  }
}
