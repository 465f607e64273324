package io.galerne.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page about roles says what the code does, and the roles are what the issue asks of them. */
class RolesPageTests {
  private static final Path PAGE = Path.of("docs", "tenancy.md");

  @Test
  void thePageHasEveryRoleAsItIs() throws IOException {
    String page = Files.readString(PAGE);
    for (OrganizationRole role : OrganizationRole.values()) {
      assertThat(page).contains(row(role.label(), role.description(), role.permissions()));
    }
    for (WorkspaceRole role : WorkspaceRole.values()) {
      assertThat(page).contains(row(role.label(), role.description(), role.permissions()));
    }
    assertThat(page.lines().filter(line -> line.startsWith("| `")).count())
        .isEqualTo(OrganizationRole.values().length + WorkspaceRole.values().length);
  }

  @Test
  void privilegesAreLeast() {
    assertThat(OrganizationRole.AUDITOR.permissions())
        .allMatch(permission -> permission.label().endsWith(":read"));
    assertThat(OrganizationRole.BILLING.permissions())
        .doesNotContain(
            Permission.MEMBERS_WRITE, Permission.KEYS_READ, Permission.ORGANIZATION_WRITE);
    assertThat(OrganizationRole.ADMIN.permissions()).doesNotContain(Permission.OWNERS_WRITE);
    Set<Permission> platform = AdminCaller.PlatformOperator.permissions();
    for (OrganizationRole role : OrganizationRole.values()) {
      assertThat(role.permissions()).doesNotContainAnyElementsOf(platform);
    }
    Set<Permission> tenants = EnumSet.allOf(Permission.class);
    tenants.removeAll(platform);
    assertThat(OrganizationRole.OWNER.permissions()).isEqualTo(tenants);
  }

  private static String row(String label, String description, Set<Permission> permissions) {
    String names =
        permissions.stream()
            .sorted()
            .map(permission -> "`" + permission.label() + "`")
            .collect(Collectors.joining(", "));
    return "| `%s` | %s | %s |\n".formatted(label, description, names.isEmpty() ? "none" : names);
  }
}
