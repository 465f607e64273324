package io.galerne.batch;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Jobs as rows. */
final class JobRows {
  private static final JsonMapper MAPPER = new JsonMapper();

  private JobRows() {}

  static BatchJob job(ResultSet row, int index) throws SQLException {
    return new BatchJob(
        row.getObject("id", UUID.class),
        row.getString("endpoint"),
        row.getString("model"),
        row.getString("metadata"),
        uuids(row.getArray("input_files")),
        JobStatus.valueOf(row.getString("status")),
        row.getInt("total"),
        row.getInt("succeeded"),
        row.getInt("failed"),
        row.getObject("output_file", UUID.class),
        row.getObject("error_file", UUID.class),
        errors(row.getString("errors")),
        row.getTimestamp("created_at").toInstant(),
        instant(row.getTimestamp("started_at")),
        instant(row.getTimestamp("completed_at")));
  }

  static String json(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /** The text of an array of UUIDs. */
  static String array(List<UUID> ids) {
    return "{" + String.join(",", ids.stream().map(UUID::toString).toList()) + "}";
  }

  private static List<UUID> uuids(Array array) throws SQLException {
    return List.of((UUID[]) array.getArray());
  }

  private static List<BatchJob.JobError> errors(String json) {
    List<BatchJob.JobError> errors = new ArrayList<>();
    for (JsonNode error : MAPPER.readTree(json)) {
      errors.add(
          new BatchJob.JobError(error.path("message").asString(), error.path("count").asInt()));
    }
    return errors;
  }

  private static @Nullable Instant instant(@Nullable Timestamp timestamp) {
    return timestamp == null ? null : timestamp.toInstant();
  }
}
