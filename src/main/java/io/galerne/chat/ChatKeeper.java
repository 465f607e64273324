package io.galerne.chat;

import io.galerne.database.TenantTransactions;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/**
 * Deletes conversations whose time is over or whose member is gone, and seals or opens those that
 * were written before their tenant changed its mind. Every instance does it.
 */
@Component
@DependsOnDatabaseInitialization
class ChatKeeper implements DisposableBean {
  private static final Logger log = LoggerFactory.getLogger(ChatKeeper.class);
  private static final int ROWS = 200;

  private final ChatTransactions transactions;
  private final TransactionTemplate platform;
  private final ChatSettingsRows settings;
  private final ConversationStore store;
  private final JdbcClient jdbc;
  private final Clock clock;
  private final ScheduledExecutorService runner =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("chat-keeper").factory());
  private final Future<?> running;

  ChatKeeper(
      ChatTransactions transactions,
      PlatformTransactionManager transactionManager,
      ChatSettingsRows settings,
      ConversationStore store,
      ChatProperties properties,
      JdbcClient jdbc,
      Clock clock) {
    this.transactions = transactions;
    this.platform = new TransactionTemplate(transactionManager);
    this.settings = settings;
    this.store = store;
    this.jdbc = jdbc;
    this.clock = clock;
    long every = properties.keepEvery().toMillis();
    this.running =
        runner.scheduleWithFixedDelay(this::runSafely, every, every, TimeUnit.MILLISECONDS);
  }

  private void runSafely() {
    try {
      run();
    } catch (DataAccessException | TransactionException e) {
      log.warn("conversations were not kept, it is tried again: {}", e.toString());
    }
  }

  /** One round over all tenants. */
  void run() {
    for (UUID tenant : tenants()) {
      int deleted = deleteOld(tenant);
      if (deleted > 0) {
        log.info("deleted {} conversations of tenant {}", deleted, tenant);
      }
      rewrite(tenant, ConversationRows.TABLE);
      rewrite(tenant, MessageRows.TABLE);
    }
  }

  private List<UUID> tenants() {
    List<UUID> found =
        platform.execute(
            _ -> {
              TenantTransactions.setForTransaction(jdbc, "galerne.chat_keeper", "on");
              return jdbc.sql("select distinct tenant_id from chat_conversation")
                  .query((row, _) -> row.getObject(1, UUID.class))
                  .list();
            });
    return found == null ? List.of() : found;
  }

  private int deleteOld(UUID tenant) {
    Duration retention = Duration.ofDays(settings.of(tenant).retentionDays());
    Instant before = clock.instant().minus(retention);
    return transactions.keeping(
        tenant,
        () ->
            jdbc.sql(
                    """
                    delete from chat_conversation c where tenant_id = ? and (updated_at < ? or exists
                      (select from member m where m.tenant_id = c.tenant_id and m.id = c.member_id
                        and m.removed_at is not null))
                    """)
                .params(Arrays.asList(tenant, Timestamp.from(before)))
                .update());
  }

  private record Written(UUID id, Contents.Stored stored) {}

  /** Brings rows into the form that the tenant wants now, some at a time. */
  private void rewrite(UUID tenant, String table) {
    int rewritten;
    do {
      rewritten =
          transactions.keeping(
              tenant,
              () -> {
                Contents contents = store.contents(tenant);
                List<Written> rows = otherwise(table, contents.seals());
                for (Written row : rows) {
                  JsonNode words = contents.read(table, row.id(), row.stored(), JsonNode.class);
                  Contents.Stored anew = contents.write(table, row.id(), words);
                  jdbc.sql("update " + table + " set content = ?, sealed = ? where id = ?")
                      .params(Arrays.asList(anew.content(), anew.sealed(), row.id()))
                      .update();
                }
                return rows.size();
              });
    } while (rewritten == ROWS);
  }

  /** Answers in progress are written by those who generate them. */
  private List<Written> otherwise(String table, boolean sealed) {
    return jdbc.sql(
            "select id, content, sealed from "
                + table
                + " where "
                + (sealed ? "sealed is null" : "content is null")
                + (table.equals(MessageRows.TABLE) ? " and state <> 'STREAMING'" : "")
                + " limit ? for update skip locked")
        .param(ROWS)
        .query((row, _) -> new Written(row.getObject("id", UUID.class), Contents.Stored.of(row)))
        .list();
  }

  @Override
  public void destroy() {
    running.cancel(true);
    runner.shutdownNow();
  }
}
