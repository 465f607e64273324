package io.galerne.operations;

import io.galerne.shell.Navigation;
import io.galerne.shell.NavigationItem;
import io.galerne.shell.NavigationItem.Section;
import io.galerne.signin.Person;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The operators' pages in the bar at the side. */
@Configuration(proxyBeanMethods = false)
class OperatorNavigation {
  @Bean
  Navigation operatorPages() {
    List<NavigationItem> items =
        List.of(
            item(0, "tenants", "/operator", "organization"),
            item(10, "plans", "/operator/plans", "invoices"),
            item(15, "models", "/operator/models", "models"),
            new NavigationItem(
                17,
                Section.OPERATOR,
                "console.nav.deployments",
                "/console/deployments",
                "deployments",
                person -> person.operator() && person.isOfPlatform()),
            item(20, "engines", "/operator/engines", "engine"),
            item(30, "health", "/operator/health", "health"),
            item(40, "configuration", "/operator/configuration", "settings"),
            item(50, "floor", "/operator/floor", "policies"),
            item(60, "operators", "/operator/people", "people"));
    return () -> items;
  }

  private static NavigationItem item(int position, String name, String href, String icon) {
    return new NavigationItem(
        position, Section.OPERATOR, "operator.nav." + name, href, icon, Person::operator);
  }
}
