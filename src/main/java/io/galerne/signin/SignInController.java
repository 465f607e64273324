package io.galerne.signin;

import io.galerne.identity.ClientAddress;
import io.galerne.identity.People;
import io.galerne.identity.People.Reference;
import io.galerne.identity.SignInLinks;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.util.UriComponentsBuilder;

/** The pages that lead into a session and out of it. */
@Controller
class SignInController {
  private static final String PAGE = "sign-in/password";
  private static final Set<String> RETURNED = Set.of("stranger", "provider");
  private static final String LINK_PAGE = "sign-in/link";

  private final PasswordSignIn passwords;
  private final Credentials credentials;
  private final SignInLinks links;
  private final People people;
  private final Sessions sessions;
  private final OtherProviders providers;
  private final ClientAddress addresses;
  private final ObjectProvider<SignInBrand> brands;

  SignInController(
      PasswordSignIn passwords,
      Credentials credentials,
      SignInLinks links,
      People people,
      Sessions sessions,
      OtherProviders providers,
      ClientAddress addresses,
      ObjectProvider<SignInBrand> brands) {
    this.passwords = passwords;
    this.credentials = credentials;
    this.links = links;
    this.people = people;
    this.sessions = sessions;
    this.providers = providers;
    this.addresses = addresses;
    this.brands = brands;
  }

  @GetMapping("/sign-in")
  String page(
      @AuthenticationPrincipal @Nullable Person person,
      @RequestParam(required = false) @Nullable String next,
      @RequestParam(required = false) @Nullable String problem,
      Model page) {
    if (problem != null && RETURNED.contains(problem)) {
      page.addAttribute("problem", "sign-in.problem." + problem);
    }
    if (person != null) {
      return "redirect:" + LocalPath.orStart(next);
    }
    addForm(LocalPath.orStart(next), "", page);
    return PAGE;
  }

  private void addForm(String next, String email, Model page) {
    page.addAttribute("next", next);
    page.addAttribute("email", email);
    page.addAttribute("providers", providers.all());
    page.addAttribute(
        "brand", brands.stream().flatMap(each -> each.of(next).stream()).findFirst().orElse(null));
  }

  @PostMapping("/sign-in")
  String signIn(
      @RequestParam(defaultValue = "") String email,
      @RequestParam(defaultValue = "") String password,
      @RequestParam(required = false) @Nullable String next,
      Model page,
      HttpServletRequest request,
      HttpServletResponse response) {
    addForm(LocalPath.orStart(next), email, page);
    return switch (passwords.check(email, password, addresses.of(request))) {
      case SignInOutcome.SignedIn(Reference person, int version) -> {
        sessions.begin(person, version, request, response);
        yield "redirect:" + LocalPath.orStart(next);
      }
      case SignInOutcome.CodeNeeded(Reference person, int version) -> {
        sessions.halfWay(person, version, request, response);
        yield "redirect:/sign-in/code";
      }
      case SignInOutcome.ChoiceNeeded(List<SignInOutcome.Proven> proven) -> {
        sessions.choosing(proven, request, response);
        yield "redirect:"
            + UriComponentsBuilder.fromPath(OrganizationChoiceController.PATH)
                .queryParam("next", "{next}")
                .encode()
                .buildAndExpand(LocalPath.orStart(next))
                .toUriString();
      }
      case SignInOutcome.Refused _ -> problem(page, response, HttpStatus.UNAUTHORIZED, "refused");
      case SignInOutcome.Busy _ -> problem(page, response, HttpStatus.SERVICE_UNAVAILABLE, "busy");
      case SignInOutcome.TooMany(Duration wait) -> tooMany(page, response, wait);
    };
  }

  private static String tooMany(Model page, HttpServletResponse response, Duration wait) {
    response.setHeader(HttpHeaders.RETRY_AFTER, Long.toString(wait.toSeconds() + 1));
    page.addAttribute("minutes", wait.toMinutes() + 1);
    return problem(page, response, HttpStatus.TOO_MANY_REQUESTS, "too-many");
  }

  private static String problem(
      Model page, HttpServletResponse response, HttpStatus status, String problem) {
    response.setStatus(status.value());
    page.addAttribute("problem", "sign-in.problem." + problem);
    return PAGE;
  }

  /** Looking at a link does not use it up: mail scanners and previews look at links too. */
  @GetMapping("/sign-in/link")
  String link(
      @RequestParam(defaultValue = "") String token, Model page, HttpServletRequest request) {
    Optional<People.Profile> owner =
        links.look(token).flatMap(person -> people.profile(person, request));
    page.addAttribute("token", token);
    page.addAttribute("owner", owner.orElse(null));
    return LINK_PAGE;
  }

  @PostMapping("/sign-in/link")
  String useLink(
      @RequestParam(defaultValue = "") String token,
      Model page,
      HttpServletRequest request,
      HttpServletResponse response) {
    Optional<Reference> person = links.use(token);
    if (person.isEmpty()) {
      response.setStatus(HttpStatus.GONE.value());
      page.addAttribute("token", "");
      page.addAttribute("owner", null);
      return LINK_PAGE;
    }
    Credentials.Known known = credentials.of(person.get());
    if (known.secondFactor()) {
      sessions.halfWay(person.get(), known.version(), request, response);
      return "redirect:/sign-in/code";
    }
    sessions.begin(person.get(), known.version(), request, response);
    sessions.noteLink(request);
    return "redirect:/";
  }

  @PostMapping("/sign-out")
  String signOut(HttpServletRequest request, HttpServletResponse response) {
    sessions.end(request, response);
    return "redirect:/sign-in";
  }
}
