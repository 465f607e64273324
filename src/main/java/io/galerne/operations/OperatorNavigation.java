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
            item(10, "plans", "/operator/plans", "limits"),
            item(60, "operators", "/operator/people", "people"));
    return () -> items;
  }

  private static NavigationItem item(int position, String name, String href, String icon) {
    return new NavigationItem(
        position, Section.OPERATOR, "operator.nav." + name, href, icon, Person::operator);
  }
}
