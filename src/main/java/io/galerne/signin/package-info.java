/**
 * People sign in: with a password and, where they have one, a second factor; with a link that works
 * once; as who they are at another provider (OpenID Connect). Their sessions are in the database,
 * so that any instance serves them.
 *
 * <p>A page of another module is signed in by its path: everything under {@code /chat} and {@code
 * /console} is, but files of styles and scripts. A controller receives whoever it serves, and does
 * its work as their tenant:
 *
 * <pre>{@code
 * @GetMapping("/chat")
 * String page(@AuthenticationPrincipal Person person, Model page) {
 *   page.addAttribute("conversations",
 *       transactions.inTenant(person.tenantId(), () -> conversations.of(person.memberId())));
 *   return "chat/index";
 * }
 * }</pre>
 *
 * <p>{@code person.admin()} is what the services behind the Admin API take; {@code
 * PersonKeys.caller(person.admin())} makes the {@code Caller} that {@code serving} takes, under
 * whose key the person's use is counted and capped. Every POST, PUT, PATCH and DELETE needs the
 * CSRF token: {@code th:action} puts it into forms, htmx sends it by itself, other scripts read it
 * from {@code <meta name="csrf-token">} and send it as the header {@code X-CSRF-TOKEN}. A request
 * by script that is not signed in (any more) gets a 401. How a template uses the common frame is
 * said in {@code templates/layout/page.html}.
 */
@ApplicationModule(
    displayName = "Sign-in",
    allowedDependencies = {"audit", "database", "identity", "secrets"})
@NullMarked
package io.galerne.signin;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
