package io.galerne.shell;

import java.util.List;

/** A module's pages in the bar at the side. */
@FunctionalInterface
public interface Navigation {
  List<NavigationItem> items();
}
