package io.galerne.chat;

import io.galerne.database.TenantTransactions;
import io.galerne.signin.SignInBrand;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The face of a tenant's chat for whoever comes to its own path and is not signed in yet. */
@Component
class ChatBrands implements SignInBrand {
  static final String PATH = "/sign-in/brand";
  private static final Pattern OWN_PATH =
      Pattern.compile(ChatPage.HOME + "/([a-z0-9][a-z0-9-]{0,39})(?:\\?.*)?");

  private final TransactionTemplate unknownTenant;
  private final TenantTransactions transactions;
  private final JdbcClient jdbc;
  private final ChatSettingsRows settings;
  private final Logos logos;

  ChatBrands(
      PlatformTransactionManager transactionManager,
      TenantTransactions transactions,
      JdbcClient jdbc,
      ChatSettingsRows settings,
      Logos logos) {
    this.unknownTenant = new TransactionTemplate(transactionManager);
    this.transactions = transactions;
    this.jdbc = jdbc;
    this.settings = settings;
    this.logos = logos;
  }

  /** The tenant whose chat has the path, if one has. */
  Optional<UUID> tenant(String slug) {
    return Optional.ofNullable(
            unknownTenant.execute(
                _ -> {
                  TenantTransactions.setForTransaction(jdbc, "galerne.chat_slug", slug);
                  return jdbc.sql("select tenant_id from chat_setting where slug = ?")
                      .param(slug)
                      .query(UUID.class)
                      .optional();
                }))
        .flatMap(found -> found);
  }

  @Override
  public Optional<Brand> of(String next) {
    Matcher path = OWN_PATH.matcher(next);
    return path.matches()
        ? tenant(path.group(1)).map(tenant -> brand(tenant, path.group(1)))
        : Optional.empty();
  }

  private Brand brand(UUID tenant, String slug) {
    ChatSettings own = settings.of(tenant);
    String accent = own.accent();
    return new Brand(
        own.name().isEmpty() ? organization(tenant) : own.name(),
        own.welcome(),
        logos
            .of(tenant)
            .map(logo -> "%s/%s/logo?v=%x".formatted(PATH, slug, Arrays.hashCode(logo.bytes())))
            .orElse(null),
        accent == null ? null : "%s/%s/accent?v=%s".formatted(PATH, slug, accent.substring(1)));
  }

  private String organization(UUID tenant) {
    return transactions.inTenant(
        tenant,
        () ->
            jdbc.sql("select name from tenant where tenant_id = ?")
                .param(tenant)
                .query(String.class)
                .single());
  }
}
