package io.galerne.signin;

import io.galerne.identity.People.Reference;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.stereotype.Component;

/**
 * What a session says: who is signed in and since when, or who has proven a password and not yet
 * the second factor. Only texts are kept in it, so that reading one back runs no code.
 */
@Component
class Sessions {
  private static final String SIGNED_IN = "galerne.signed-in";
  private static final String HALF_WAY = "galerne.half-way";
  private static final String CHOOSING = "galerne.choosing";
  private static final String BY_LINK = "galerne.by-link";
  private static final String ACTIVE = "galerne.active";
  private static final Duration HALF_WAY_MAX = Duration.ofMinutes(10);

  /** So often an activity is written down: not for each request, as it is a row of the database. */
  private static final int NOTES_PER_TIMEOUT = 60;

  private static final Pattern MARK =
      Pattern.compile("([0-9a-f-]{36}) ([0-9a-f-]{36}) (\\d{1,10}) (\\d{1,12})");

  private final CsrfTokenRepository csrf;
  private final SignInProperties properties;
  private final Clock clock;

  Sessions(CsrfTokenRepository csrf, SignInProperties properties, Clock clock) {
    this.csrf = csrf;
    this.properties = properties;
    this.clock = clock;
  }

  /**
   * Somebody in a session.
   *
   * @param version of the credentials with which it began
   */
  record Mark(Reference person, int version, Instant since) {
    private String text() {
      return person.tenantId()
          + " "
          + person.memberId()
          + " "
          + version
          + " "
          + since.getEpochSecond();
    }

    private static Optional<Mark> parse(@Nullable Object stored) {
      Matcher mark = MARK.matcher(stored instanceof String text ? text : "");
      return mark.matches()
          ? Optional.of(
              new Mark(
                  new Reference(UUID.fromString(mark.group(1)), UUID.fromString(mark.group(2))),
                  Integer.parseInt(mark.group(3)),
                  Instant.ofEpochSecond(Long.parseLong(mark.group(4)))))
          : Optional.empty();
    }
  }

  /** Begins a session under a new id: one that somebody else may know of is worth nothing. */
  void begin(
      Reference person, int version, HttpServletRequest request, HttpServletResponse response) {
    HttpSession session = renewed(request, response);
    session.removeAttribute(HALF_WAY);
    session.removeAttribute(BY_LINK);
    session.setAttribute(SIGNED_IN, new Mark(person, version, clock.instant()).text());
    noteActive(session);
    session.setAttribute(
        FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME, person.memberId().toString());
  }

  /** Notes who has proven their password and owes the second factor. */
  void halfWay(
      Reference person, int version, HttpServletRequest request, HttpServletResponse response) {
    HttpSession session = renewed(request, response);
    session.removeAttribute(SIGNED_IN);
    session.setAttribute(HALF_WAY, new Mark(person, version, clock.instant()).text());
  }

  /** Notes who has proven their password for several organisations and is to choose one. */
  void choosing(
      List<SignInOutcome.Proven> proven, HttpServletRequest request, HttpServletResponse response) {
    HttpSession session = renewed(request, response);
    session.removeAttribute(SIGNED_IN);
    session.removeAttribute(HALF_WAY);
    session.setAttribute(
        CHOOSING,
        proven.stream()
            .map(each -> new Mark(each.person(), each.version(), clock.instant()).text())
            .collect(Collectors.joining(",")));
  }

  /** Those among whom somebody is to choose; none if nobody is, or took too long. */
  List<Mark> choices(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    Object stored = session == null ? null : session.getAttribute(CHOOSING);
    return stored instanceof String text
        ? Arrays.stream(text.split(",", -1))
            .flatMap(mark -> Mark.parse(mark).stream())
            .filter(mark -> clock.instant().isBefore(mark.since().plus(HALF_WAY_MAX)))
            .toList()
        : List.of();
  }

  private HttpSession renewed(HttpServletRequest request, HttpServletResponse response) {
    HttpSession session = request.getSession(true);
    request.changeSessionId();
    session.removeAttribute(CHOOSING);
    csrf.saveToken(null, request, response); // the next page makes another
    return session;
  }

  Optional<Mark> signedIn(HttpServletRequest request) {
    Optional<Mark> mark = mark(request, SIGNED_IN, properties.sessionTimeMax());
    if (mark.isPresent() && isIdle(request.getSession(), request)) {
      request.getSession().invalidate();
      return Optional.empty();
    }
    return mark;
  }

  /** Whether the person did nothing for too long; if not, notes what they do now. */
  private boolean isIdle(HttpSession session, HttpServletRequest request) {
    String noted = String.valueOf(session.getAttribute(ACTIVE));
    Instant active =
        noted.matches("\\d{1,12}") ? Instant.ofEpochSecond(Long.parseLong(noted)) : Instant.EPOCH;
    Duration idle = Duration.between(active, clock.instant());
    if (idle.compareTo(properties.idleTimeout()) >= 0) {
      return true;
    }
    if (isDoneByPerson(request)
        && idle.multipliedBy(NOTES_PER_TIMEOUT).compareTo(properties.idleTimeout()) >= 0) {
      noteActive(session);
    }
    return false;
  }

  /** A page that reads its figures again every few seconds must not keep its session alive. */
  private static boolean isDoneByPerson(HttpServletRequest request) {
    String mode = request.getHeader("Sec-Fetch-Mode");
    boolean byScript =
        request.getHeader("HX-Request") != null || (mode != null && !mode.equals("navigate"));
    return !request.getMethod().equals("GET") || !byScript;
  }

  private void noteActive(HttpSession session) {
    session.setAttribute(ACTIVE, Long.toString(clock.instant().getEpochSecond()));
  }

  Optional<Mark> halfWay(HttpServletRequest request) {
    return mark(request, HALF_WAY, HALF_WAY_MAX);
  }

  private Optional<Mark> mark(HttpServletRequest request, String name, Duration longest) {
    HttpSession session = request.getSession(false);
    if (session == null) {
      return Optional.empty();
    }
    Optional<Mark> mark =
        Mark.parse(session.getAttribute(name))
            .filter(found -> clock.instant().isBefore(found.since().plus(longest)));
    if (mark.isEmpty() && session.getAttribute(name) != null) {
      session.invalidate();
    }
    return mark;
  }

  /** Whoever came by a link may set a password without the one they have forgotten. */
  void noteLink(HttpServletRequest request) {
    request.getSession(true).setAttribute(BY_LINK, "yes");
  }

  boolean cameByLink(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    return session != null && session.getAttribute(BY_LINK) != null;
  }

  void end(HttpServletRequest request, HttpServletResponse response) {
    HttpSession session = request.getSession(false);
    if (session != null) {
      session.invalidate();
    }
    csrf.saveToken(null, request, response);
  }
}
