package io.galerne.journal;

import io.galerne.journal.JournalEntry.Note;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The notes of answers in progress, in their reservations. */
@Component
class CheckpointTable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final JdbcClient jdbc;
  private final Replica replica;

  CheckpointTable(JdbcClient jdbc, Replica replica) {
    this.jdbc = jdbc;
    this.replica = replica;
  }

  /** Writes the notes; returns the requests that have their line in the ledger already. */
  List<UUID> write(List<Note> notes) {
    return jdbc.sql(
            """
            select request_id from galerne_checkpoint(?::uuid[], ?::uuid[], ?::uuid[], ?::uuid[],
                ?::uuid[], ?, ?::text[], ?::integer[], ?::integer[], ?::integer[],
                ?::timestamptz[])
            where not alive
            """)
        .param(strings(notes, note -> note.usage().requestId()))
        .param(strings(notes, note -> note.usage().caller().tenantId()))
        .param(strings(notes, note -> note.usage().caller().workspaceId()))
        .param(strings(notes, note -> note.usage().caller().apiKeyId()))
        .param(strings(notes, Note::keyLine))
        .param(replica.id())
        .param(strings(notes, note -> JSON.writeValueAsString(note.usage().source())))
        .param(notes.stream().mapToInt(note -> note.usage().promptTokens()).toArray())
        .param(notes.stream().mapToInt(note -> note.usage().tokens().cachedPrompt()).toArray())
        .param(notes.stream().mapToInt(note -> note.usage().completionTokens()).toArray())
        .param(strings(notes, note -> note.usage().startedAt()))
        .query((row, _) -> row.getObject("request_id", UUID.class))
        .list();
  }

  private static String[] strings(List<Note> notes, Function<Note, Object> field) {
    return notes.stream().map(note -> field.apply(note).toString()).toArray(String[]::new);
  }
}
