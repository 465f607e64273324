package io.galerne.console;

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
    return () ->
        List.of(
            NavigationItem.forEverybody(
                0, Section.CONSOLE, "console.nav.overview", "/console", "overview"));
  }
}
