package io.galerne.operations;

import io.galerne.identity.RefusedException;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.server.ResponseStatusException;

/** Says why a change was refused, and leads back. */
@ControllerAdvice(basePackages = "io.galerne.operations")
@Order(Ordered.HIGHEST_PRECEDENCE)
class OperatorRefusals {
  @ExceptionHandler(RefusedException.class)
  String refused(RefusedException refused, Model page, HttpServletResponse response) {
    if (refused.kind() == RefusedException.Kind.UNKNOWN) {
      return missing(new ResponseStatusException(HttpStatus.NOT_FOUND), page, response);
    }
    response.setStatus(
        switch (refused.kind()) {
          case UNKNOWN -> HttpStatus.NOT_FOUND.value();
          case INVALID -> HttpStatus.UNPROCESSABLE_CONTENT.value();
          case CONFLICT -> HttpStatus.CONFLICT.value();
          case BEYOND_CALLER -> HttpStatus.FORBIDDEN.value();
        });
    page.addAttribute("reason", refused.reason());
    return "operator/refused";
  }

  @ExceptionHandler(ResponseStatusException.class)
  String missing(ResponseStatusException missing, Model page, HttpServletResponse response) {
    response.setStatus(missing.getStatusCode().value());
    page.addAttribute("status", missing.getStatusCode().value());
    return "error";
  }
}
