package io.galerne.shell;

import io.galerne.signin.Person;
import java.util.function.Predicate;

/**
 * A page that the bar at the side leads to.
 *
 * @param position among the section's, small ones first
 * @param label the key of its name among the messages
 * @param href its path; it is marked as the present page on the paths below it too
 * @param icon the name of a symbol in {@code static/shell/icons.svg}
 * @param visibleTo whom it is of use to
 */
public record NavigationItem(
    int position,
    Section section,
    String label,
    String href,
    String icon,
    Predicate<Person> visibleTo) {
  /** Parts of the bar. */
  public enum Section {
    CHAT,
    CONSOLE,
    OPERATOR
  }

  public static NavigationItem forEverybody(
      int position, Section section, String label, String href, String icon) {
    return new NavigationItem(position, section, label, href, icon, _ -> true);
  }

  /** Tenants' pages are of no use to who belongs to the platform alone. */
  boolean isFor(Person person) {
    return visibleTo.test(person) && (section == Section.OPERATOR || !person.isOfPlatform());
  }

  boolean leadsTo(String path) {
    return path.equals(href) || path.startsWith(href + "/");
  }
}
