package io.galerne.shell;

import io.galerne.signin.Person;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/** {@code /} leads on: to the first page that is of use, or to the sign-in. */
@Controller
class StartController {
  private final ShellModel shell;

  StartController(ShellModel shell) {
    this.shell = shell;
  }

  @GetMapping("/")
  String start(@AuthenticationPrincipal @Nullable Person person) {
    return "redirect:" + (person == null ? "/sign-in" : shell.start(person));
  }
}
