package io.galerne.console;

import io.galerne.identity.Permission;
import io.galerne.shell.Navigation;
import io.galerne.shell.NavigationItem;
import io.galerne.shell.NavigationItem.Section;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The console's pages in the bar at the side. */
@Configuration(proxyBeanMethods = false)
class ConsoleNavigation {
  @Bean
  Navigation consolePages() {
    List<NavigationItem> items =
        List.of(
            item(0, "overview", "/console", Permission.USAGE_READ),
            item(10, "usage", "/console/usage", Permission.USAGE_READ),
            inAll(15, "requests", "/console/requests", Permission.USAGE_READ),
            item(20, "keys", "/console/keys", Permission.KEYS_READ),
            item(30, "people", "/console/people", Permission.MEMBERS_READ),
            item(40, "limits", "/console/limits", Permission.LIMITS_READ),
            inAll(50, "policies", "/console/policies", Permission.POLICIES_READ),
            inAll(55, "deployments", "/console/deployments", Permission.ORGANIZATION_READ),
            item(60, "invoices", "/console/invoices", Permission.BILLING_READ),
            item(70, "audit", "/console/audit", Permission.AUDIT_READ),
            NavigationItem.forEverybody(
                80, Section.CONSOLE, "console.nav.models", "/console/models", "models"),
            NavigationItem.forEverybody(
                90,
                Section.CONSOLE,
                "console.nav.playground",
                "/console/playground",
                "playground"));
    return () -> items;
  }

  /** A page that it takes the permission in the whole organisation for. */
  private static NavigationItem inAll(int position, String name, String href, Permission needed) {
    return new NavigationItem(
        position, Section.CONSOLE, "console.nav." + name, href, name, person -> person.may(needed));
  }

  private static NavigationItem item(int position, String name, String href, Permission needed) {
    return new NavigationItem(
        position,
        Section.CONSOLE,
        "console.nav." + name,
        href,
        name,
        person -> person.maySomewhere(needed));
  }
}
