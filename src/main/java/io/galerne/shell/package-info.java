/**
 * The frame that all pages share: what leads where, in which language, with whose name. The markup
 * is in {@code templates/layout}, styles and scripts in {@code static/shell}.
 *
 * <p>A module that has pages puts them into the bar at the side with a bean:
 *
 * <pre>{@code
 * @Bean
 * Navigation chatNavigation() {
 *   return () -> List.of(NavigationItem.forEverybody(0, Section.CHAT, "chat.nav", "/chat", "chat"));
 * }
 * }</pre>
 */
@ApplicationModule(displayName = "Shell", allowedDependencies = "signin")
@NullMarked
package io.galerne.shell;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
