package io.galerne.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.database.DataDirectory;
import io.galerne.database.TestDatabase;
import io.galerne.identity.ApiKeyService;
import io.galerne.identity.Caller;
import io.galerne.identity.KeyCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;

/** The context has run {@link DemoTenant} once already; every further run is a later start. */
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.MOCK,
    properties = "galerne.demo.enabled=true")
@Import(TestDatabase.class)
class DemoTenantIntegrationTests {
  @Autowired DemoTenant demo;
  @Autowired DataDirectory data;
  @Autowired ApiKeyService keys;

  @Test
  void laterStartsKeepTheKey() {
    String key = key();
    start();
    assertThat(key()).isEqualTo(key);
    assertThat(caller(key).tenantId()).isEqualTo(DemoTenant.TENANT);
  }

  @Test
  void onlyItsOwnerCanReadTheKey() throws IOException {
    assertThat(Files.getPosixFilePermissions(data.file(DemoTenant.KEY_FILE)))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void aLostKeyIsReplacedAndRevoked() throws IOException {
    String lost = key();
    Files.delete(data.file(DemoTenant.KEY_FILE));
    start();
    assertThat(key()).isNotEqualTo(lost);
    assertThat(keys.authenticate(lost)).isEqualTo(new KeyCheck.Revoked());
    assertThat(caller(key()).workspaceId()).isEqualTo(DemoTenant.WORKSPACE);
  }

  @Test
  void aRevokedKeyIsReplaced() {
    String revoked = key();
    keys.revoke(DemoTenant.TENANT, caller(revoked).apiKeyId());
    start();
    assertThat(key()).isNotEqualTo(revoked);
    assertThat(caller(key()).tenantId()).isEqualTo(DemoTenant.TENANT);
  }

  @Test
  void nonsenseInTheFileIsReplaced() {
    data.writeSecret(DemoTenant.KEY_FILE, "nonsense");
    start();
    assertThat(caller(key()).tenantId()).isEqualTo(DemoTenant.TENANT);
  }

  private void start() {
    demo.run(new DefaultApplicationArguments());
  }

  private String key() {
    return data.readSecret(DemoTenant.KEY_FILE).orElseThrow();
  }

  private Caller caller(String key) {
    assertThat(keys.authenticate(key)).isInstanceOf(KeyCheck.Valid.class);
    return ((KeyCheck.Valid) keys.authenticate(key)).caller();
  }
}
