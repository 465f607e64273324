package io.galerne.demo;

import io.galerne.database.DataDirectory;
import io.galerne.database.EmbeddedDatabase;
import io.galerne.identity.ApiKeyService;
import io.galerne.identity.Caller;
import io.galerne.identity.IssuedKey;
import io.galerne.identity.KeyCheck;
import io.galerne.identity.Organizations;
import io.galerne.identity.TenantRegistry;
import io.galerne.launch.FirstDoor;
import io.galerne.signin.FirstPerson;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

/**
 * Gives a first start something to try: a tenant, a workspace, a key in {@code data/demo-key} and
 * an owner with an admin key in {@code data/demo-admin-key} and a password in {@code
 * data/demo-password}. Later starts keep them; a key that no longer works is replaced. Each start
 * makes a link that signs the owner in once.
 */
@Component
public class DemoTenant implements ApplicationRunner, FirstDoor {
  /** The file of the data directory that holds the key. */
  public static final String KEY_FILE = "demo-key";

  /** The file of the data directory that holds the owner's key of the Admin API. */
  public static final String ADMIN_KEY_FILE = "demo-admin-key";

  /** The file of the data directory that holds the owner's password. */
  public static final String PASSWORD_FILE = "demo-password";

  /** The address that the owner signs in with. */
  public static final String OWNER = "owner@demo.invalid";

  static final UUID TENANT = UUID.fromString("00000000-0000-4000-8000-00000000de30");
  static final UUID WORKSPACE = UUID.fromString("00000000-0000-4000-8000-00000000de31");
  private static final String KEY_NAME = "Demo key";

  private static final Logger log = LoggerFactory.getLogger(DemoTenant.class);

  private final DemoProperties properties;
  private final ObjectProvider<EmbeddedDatabase> embedded;
  private final DataDirectory data;
  private final TenantRegistry registry;
  private final ApiKeyService keys;
  private final Organizations organizations;
  private final FirstPerson firstPerson;
  private volatile @Nullable String signInToken;

  DemoTenant(
      DemoProperties properties,
      ObjectProvider<EmbeddedDatabase> embedded,
      DataDirectory data,
      TenantRegistry registry,
      ApiKeyService keys,
      Organizations organizations,
      FirstPerson firstPerson) {
    this.properties = properties;
    this.embedded = embedded;
    this.data = data;
    this.registry = registry;
    this.keys = keys;
    this.organizations = organizations;
    this.firstPerson = firstPerson;
  }

  /** A link that signs the owner in once; empty without a demo tenant. */
  @Override
  public Optional<String> path() {
    return Optional.ofNullable(signInToken).map(token -> "/sign-in/link?token=" + token);
  }

  @Override
  public void run(ApplicationArguments args) {
    Boolean enabled = properties.enabled();
    if (enabled == null ? embedded.getIfAvailable() == null : !enabled) {
      return;
    }
    registry.registerTenant(TENANT, "Demo");
    registry.registerWorkspace(TENANT, WORKSPACE, "Demo");
    organizations
        .appointFirstOwner(TENANT, OWNER, "Demo Owner")
        .ifPresent(key -> data.writeSecret(ADMIN_KEY_FILE, key.secret()));
    if (data.readSecret(KEY_FILE).filter(this::isDemoKey).isEmpty()) {
      replaceKey();
    }
    signInToken =
        firstPerson.welcome(TENANT, OWNER, password -> data.writeSecret(PASSWORD_FILE, password));
  }

  private boolean isDemoKey(String key) {
    return switch (keys.authenticate(key)) {
      case KeyCheck.Valid(Caller caller) -> caller.tenantId().equals(TENANT);
      case KeyCheck.Malformed _,
          KeyCheck.Unknown _,
          KeyCheck.Expired _,
          KeyCheck.Revoked _,
          KeyCheck.Suspended _ ->
          false;
    };
  }

  /** Old keys that nobody can read any more are withdrawn, so that one demo key works at a time. */
  private void replaceKey() {
    int revoked = keys.revokeNamed(TENANT, WORKSPACE, KEY_NAME);
    IssuedKey fresh = keys.issue(TENANT, WORKSPACE, KEY_NAME, null);
    data.writeSecret(KEY_FILE, fresh.secret());
    log.info(
        "wrote a new demo key {} to {}{}",
        fresh.display(),
        data.file(KEY_FILE),
        revoked == 0 ? "" : "; revoked " + revoked);
  }
}
