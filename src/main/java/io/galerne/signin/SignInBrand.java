package io.galerne.signin;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whose face the page to sign in has, where somebody is on the way to a tenant's own page. */
@FunctionalInterface
public interface SignInBrand {
  /**
   * A tenant's face. Everybody may see it.
   *
   * @param welcome empty for none
   * @param logo the picture's path; null for Galerne's
   * @param styles the path of styles with its colour; null for none
   */
  record Brand(String name, String welcome, @Nullable String logo, @Nullable String styles) {}

  /**
   * The face for a page.
   *
   * @param next the path that is gone on to after signing in
   */
  Optional<Brand> of(String next);
}
