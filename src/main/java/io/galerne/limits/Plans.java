package io.galerne.limits;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Which plans there are to assign. */
@Component
public class Plans {
  /** Not a row: the tier that a tenant has reached. */
  public static final String TIERED = "tiered";

  private final JdbcClient jdbc;

  Plans(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  public boolean exists(String plan) {
    return plan.equals(TIERED)
        || jdbc.sql("select exists (select from plan where id = ?)")
            .param(plan)
            .query(Boolean.class)
            .single();
  }
}
