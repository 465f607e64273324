package io.galerne.api;

import io.galerne.identity.RequestIds;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Answers what no other controller under {@code /v1} takes: a known path with another method, or an
 * unknown path. A mapping without a method yields to one that names the request's.
 */
@RestController
@Hidden
class OtherRoutesController {
  @RequestMapping({"/v1/chat/completions", FimController.PATH})
  void completions(HttpServletRequest request) {
    throw methodNotAllowed(request, HttpMethod.POST);
  }

  @RequestMapping({"/v1/models", "/v1/models/{id}"})
  void models(HttpServletRequest request) {
    throw methodNotAllowed(request, HttpMethod.GET);
  }

  @RequestMapping({"/v1", "/v1/**"})
  void unknown(HttpServletRequest request) {
    throw new ApiException(HttpStatus.NOT_FOUND, new RouteMissing(RequestIds.of(request)));
  }

  private static ApiException methodNotAllowed(HttpServletRequest request, HttpMethod allowed) {
    HttpHeaders headers = new HttpHeaders();
    headers.set(HttpHeaders.ALLOW, allowed.name());
    return new ApiException(
        HttpStatus.METHOD_NOT_ALLOWED,
        new ErrorEnvelope(
            "%s is not allowed here, %s is".formatted(request.getMethod(), allowed),
            "method_not_allowed"),
        headers);
  }
}
