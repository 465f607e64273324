package io.galerne.database;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who brings the schema up to date.
 *
 * @param migrations {@code apply} lets every start migrate; {@code expect} lets a start look only,
 *     without the owner's rights, and refuse a schema that {@code galerne migrate} has not reached
 */
@ConfigurationProperties("galerne.database")
record SchemaProperties(@DefaultValue("apply") Migrations migrations) {
  static final String MIGRATIONS = "galerne.database.migrations";

  enum Migrations {
    APPLY,
    EXPECT
  }
}
