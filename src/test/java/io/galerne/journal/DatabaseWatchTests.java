package io.galerne.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.CannotGetJdbcConnectionException;

class DatabaseWatchTests {
  private final DatabaseWatch watch = new DatabaseWatch();

  @Test
  void aBusyPoolIsNoAbsentDatabase() {
    SQLTransientConnectionException busy =
        new SQLTransientConnectionException("timed out (total=20, active=20)");
    watch.failed(new CannotGetJdbcConnectionException("none", busy));
    assertThat(watch.isAway()).isFalse();
  }

  @Test
  void aRefusedConnectionIs() {
    SQLTransientConnectionException refused =
        new SQLTransientConnectionException("timed out (total=0)", new ConnectException("refused"));
    watch.failed(new CannotGetJdbcConnectionException("none", refused));
    assertThat(watch.isAway()).isTrue();
    watch.answered();
    assertThat(watch.isAway()).isFalse();
  }
}
