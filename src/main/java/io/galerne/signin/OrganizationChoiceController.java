package io.galerne.signin;

import io.galerne.identity.People;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Where to, for somebody who is a member of several organisations: only those are offered whose
 * password was given, or whose address a provider has verified.
 */
@Controller
class OrganizationChoiceController {
  static final String PATH = "/sign-in/organization";

  private final Sessions sessions;
  private final People people;
  private final PasswordSignIn passwords;
  private final Credentials credentials;

  OrganizationChoiceController(
      Sessions sessions, People people, PasswordSignIn passwords, Credentials credentials) {
    this.sessions = sessions;
    this.people = people;
    this.passwords = passwords;
    this.credentials = credentials;
  }

  /** An organisation on offer. */
  record Choice(String id, String name) {}

  @GetMapping(PATH)
  String page(
      @RequestParam(required = false) @Nullable String next,
      Model page,
      HttpServletRequest request) {
    List<Choice> choices =
        sessions.choices(request).stream()
            .flatMap(
                mark ->
                    people.profile(mark.person(), request).stream()
                        .map(
                            profile ->
                                new Choice(
                                    mark.person().tenantId().toString(), profile.organization())))
            .toList();
    page.addAttribute("choices", choices);
    page.addAttribute("next", LocalPath.orStart(next));
    return choices.isEmpty() ? "redirect:/sign-in" : "sign-in/organization";
  }

  @PostMapping(PATH)
  String choose(
      @RequestParam(defaultValue = "") String organization,
      @RequestParam(required = false) @Nullable String next,
      HttpServletRequest request,
      HttpServletResponse response) {
    Optional<Sessions.Mark> chosen =
        sessions.choices(request).stream()
            .filter(mark -> mark.person().tenantId().toString().equals(organization))
            .filter(mark -> credentials.version(mark.person()) == mark.version())
            .findFirst();
    if (chosen.isEmpty()) {
      return "redirect:/sign-in";
    }
    Sessions.Mark mark = chosen.get();
    return switch (passwords.next(new SignInOutcome.Proven(mark.person(), mark.version()))) {
      case SignInOutcome.CodeNeeded(People.Reference person, int version) -> {
        sessions.halfWay(person, version, request, response);
        yield "redirect:/sign-in/code";
      }
      case SignInOutcome.SignedIn(People.Reference person, int version) -> {
        sessions.begin(person, version, request, response);
        yield "redirect:" + LocalPath.orStart(next);
      }
      case SignInOutcome.ChoiceNeeded _,
          SignInOutcome.Refused _,
          SignInOutcome.TooMany _,
          SignInOutcome.Busy _ ->
          "redirect:/sign-in";
    };
  }
}
