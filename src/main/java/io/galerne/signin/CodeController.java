package io.galerne.signin;

import io.galerne.identity.ClientAddress;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The second step of signing in. */
@Controller
class CodeController {
  private static final String PAGE = "sign-in/code";

  private final SecondFactor secondFactor;
  private final Credentials credentials;
  private final Attempts attempts;
  private final Sessions sessions;
  private final ClientAddress addresses;

  CodeController(
      SecondFactor secondFactor,
      Credentials credentials,
      Attempts attempts,
      Sessions sessions,
      ClientAddress addresses) {
    this.secondFactor = secondFactor;
    this.credentials = credentials;
    this.attempts = attempts;
    this.sessions = sessions;
    this.addresses = addresses;
  }

  @GetMapping("/sign-in/code")
  String page(HttpServletRequest request) {
    return sessions.halfWay(request).isEmpty() ? "redirect:/sign-in" : PAGE;
  }

  @PostMapping("/sign-in/code")
  String check(
      @RequestParam(defaultValue = "") String code,
      Model page,
      HttpServletRequest request,
      HttpServletResponse response) {
    Optional<Sessions.Mark> mark =
        sessions
            .halfWay(request)
            .filter(found -> credentials.version(found.person()) == found.version());
    if (mark.isEmpty()) {
      return "redirect:/sign-in";
    }
    String account = "code of " + mark.get().person().memberId();
    String address = addresses.of(request);
    Optional<Duration> remaining = attempts.count(account, address);
    if (remaining.isPresent()) {
      response.setStatus(HttpStatus.TOO_MANY_REQUESTS.value());
      page.addAttribute("problem", "sign-in.problem.too-many");
      page.addAttribute("minutes", remaining.get().toMinutes() + 1);
      return PAGE;
    }
    if (!secondFactor.use(mark.get().person(), code)) {
      response.setStatus(HttpStatus.UNAUTHORIZED.value());
      page.addAttribute("problem", "sign-in.problem.code");
      return PAGE;
    }
    attempts.succeeded(account, address);
    sessions.begin(mark.get().person(), mark.get().version(), request, response);
    return "redirect:/";
  }
}
