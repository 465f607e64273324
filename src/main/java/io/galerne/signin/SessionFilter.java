package io.galerne.signin;

import io.galerne.identity.People;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Tells whose request this is. Who they are and what they may do is read anew each time: a member
 * who leaves, a role that is taken away, a password that changes count with the next request.
 */
final class SessionFilter extends OncePerRequestFilter {
  private final Sessions sessions;
  private final Credentials credentials;
  private final People people;

  SessionFilter(Sessions sessions, Credentials credentials, People people) {
    this.sessions = sessions;
    this.credentials = credentials;
    this.people = people;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Optional<Sessions.Mark> mark = sessions.signedIn(request);
    if (mark.isPresent()) {
      Optional<People.Profile> profile = profile(mark.get(), request);
      if (profile.isPresent()) {
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(new PersonAuthentication(Person.of(profile.get())));
        SecurityContextHolder.setContext(context);
      } else {
        sessions.end(request, response);
      }
    }
    chain.doFilter(request, response);
  }

  private Optional<People.Profile> profile(Sessions.Mark mark, HttpServletRequest request) {
    return credentials.version(mark.person()) == mark.version()
        ? people.profile(mark.person(), request)
        : Optional.empty();
  }
}
