package io.galerne.signin;

import io.galerne.identity.ClientAddress;
import io.galerne.identity.People.Reference;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** One's own account: password, second factor, sessions. */
@Controller
class AccountController {
  private static final String PAGE = "sign-in/account";
  private static final String BACK = "redirect:/account";

  private final Credentials credentials;
  private final SecondFactor secondFactor;
  private final Attempts attempts;
  private final PasswordEncoder encoder;
  private final Sessions sessions;
  private final ClientAddress addresses;

  AccountController(
      Credentials credentials,
      SecondFactor secondFactor,
      Attempts attempts,
      PasswordEncoder encoder,
      Sessions sessions,
      ClientAddress addresses) {
    this.credentials = credentials;
    this.secondFactor = secondFactor;
    this.attempts = attempts;
    this.encoder = encoder;
    this.sessions = sessions;
    this.addresses = addresses;
  }

  @GetMapping("/account")
  String page(@AuthenticationPrincipal Person person, Model page, HttpServletRequest request) {
    Credentials.Known known = credentials.of(person.reference());
    page.addAttribute("secondFactor", known.secondFactor());
    page.addAttribute("needsPassword", needsPassword(known, request));
    page.addAttribute("codesLeft", secondFactor.recoveryCodesLeft(person.reference()));
    return PAGE;
  }

  private boolean needsPassword(Credentials.Known known, HttpServletRequest request) {
    return known.passwordHash() != null && !sessions.cameByLink(request);
  }

  @PostMapping("/account/password")
  String setPassword(
      @AuthenticationPrincipal Person person,
      @RequestParam(defaultValue = "") String current,
      @RequestParam(defaultValue = "") String password,
      Model page,
      HttpServletRequest request,
      HttpServletResponse response) {
    Credentials.Known known = credentials.of(person.reference());
    if (needsPassword(known, request) && !proves(person, known, current, request)) {
      return wrong(person, page, "currentProblem", "account.password.wrong", request, response);
    }
    Optional<String> problem = PasswordRules.problem(password, person.email());
    if (problem.isPresent()) {
      return wrong(person, page, "passwordProblem", problem.get(), request, response);
    }
    int version = credentials.setPassword(person.reference(), password, person.admin().actor());
    sessions.begin(person.reference(), version, request, response);
    return BACK + "?said=password";
  }

  /** Whether this is the person's password; guessing at it is bounded as at the sign-in. */
  private boolean proves(
      Person person,
      Credentials.Known known,
      @Nullable String current,
      HttpServletRequest request) {
    String account = "password of " + person.memberId();
    String address = addresses.of(request);
    boolean right =
        attempts.count(account, address).isEmpty()
            && known.passwordHash() != null
            && encoder.matches(current, known.passwordHash());
    if (right) {
      attempts.succeeded(account, address);
    }
    return right;
  }

  private String wrong(
      Person person,
      Model page,
      String field,
      String problem,
      HttpServletRequest request,
      HttpServletResponse response) {
    response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
    page.addAttribute(field, problem);
    return page(person, page, request);
  }

  @GetMapping("/account/second-factor")
  String setUp(@AuthenticationPrincipal Person person, Model page) {
    if (credentials.of(person.reference()).secondFactor()) {
      return BACK;
    }
    TotpSecret secret = secondFactor.begin(person.reference());
    page.addAttribute("secret", secret.base32().replaceAll("(.{4})(?=.)", "$1 "));
    page.addAttribute("picture", secret.picture(person.email()));
    return "sign-in/second-factor";
  }

  @PostMapping("/account/second-factor")
  String confirm(
      @AuthenticationPrincipal Person person,
      @RequestParam(defaultValue = "") String code,
      Model page,
      HttpServletRequest request,
      HttpServletResponse response) {
    Reference reference = person.reference();
    Optional<SecondFactor.Confirmed> confirmed =
        secondFactor.confirm(reference, code, person.admin().actor());
    if (confirmed.isEmpty()) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      page.addAttribute("problem", "sign-in.problem.code");
      return setUp(person, page);
    }
    sessions.begin(reference, confirmed.get().version(), request, response);
    page.addAttribute("codes", confirmed.get().recoveryCodes());
    return "sign-in/recovery-codes";
  }

  @PostMapping("/account/second-factor/remove")
  String remove(
      @AuthenticationPrincipal Person person,
      @RequestParam(defaultValue = "") String current,
      Model page,
      HttpServletRequest request,
      HttpServletResponse response) {
    Credentials.Known known = credentials.of(person.reference());
    if (!proves(person, known, current, request)) {
      return wrong(person, page, "removeProblem", "account.password.wrong", request, response);
    }
    secondFactor.remove(person.reference(), person.admin().actor());
    return BACK + "?said=removed";
  }

  @PostMapping("/account/sessions/end")
  String endSessions(
      @AuthenticationPrincipal Person person,
      HttpServletRequest request,
      HttpServletResponse response) {
    int version = credentials.endSessions(person.reference(), person.admin().actor());
    sessions.begin(person.reference(), version, request, response);
    return BACK + "?said=sessions";
  }
}
