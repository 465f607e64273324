package io.galerne.operations;

import io.galerne.identity.AdminCaller.PlatformOperator;
import io.galerne.identity.PlatformOperators;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** {@code /operator/people}: who may open these pages. */
@Controller
class OperatorsPage {
  private static final int NAME_CHARS_MAX = 255;

  private final PlatformOperators operators;

  OperatorsPage(PlatformOperators operators) {
    this.operators = operators;
  }

  @GetMapping("/operator/people")
  String page(PlatformOperator operator, Model model) {
    model.addAttribute("operators", operators.list(operator));
    model.addAttribute("self", operator.keyId());
    return "operator/people";
  }

  @PostMapping("/operator/people")
  String invite(
      PlatformOperator operator,
      @RequestParam(defaultValue = "") String email,
      @RequestParam(defaultValue = "") String first,
      @RequestParam(defaultValue = "") String last,
      Model model,
      HttpServletResponse response) {
    Optional<String> address = Typed.email(email);
    if (address.isEmpty()) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      model.addAttribute("wrong", "email");
      model.addAttribute("email", email);
      return page(operator, model);
    }
    PlatformOperators.Invited invited =
        operators.invite(
            operator,
            address.get(),
            Typed.text(first, NAME_CHARS_MAX),
            Typed.text(last, NAME_CHARS_MAX));
    model.addAttribute("linkOf", invited.account().email());
    model.addAttribute(
        "link",
        ServletUriComponentsBuilder.fromCurrentContextPath()
            .path("/sign-in/link")
            .queryParam("token", invited.token())
            .toUriString());
    return page(operator, model);
  }

  @PostMapping("/operator/people/{id}/dismiss")
  String dismiss(PlatformOperator operator, @PathVariable String id) {
    operators.dismiss(operator, Typed.id(id));
    return "redirect:/operator/people?said=dismissed";
  }
}
