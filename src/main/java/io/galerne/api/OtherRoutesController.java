package io.galerne.api;

import io.galerne.identity.RequestIds;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.condition.PathPatternsRequestCondition;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Answers what no other controller under {@code /v1} takes: a known path with another method, or an
 * unknown path. A mapping without a method yields to one that names the request's.
 */
@RestController
@Hidden
class OtherRoutesController {
  private final ObjectProvider<RequestMappingHandlerMapping> mappings;

  OtherRoutesController(
      @Qualifier("requestMappingHandlerMapping")
          ObjectProvider<RequestMappingHandlerMapping> mappings) {
    this.mappings = mappings;
  }

  @RequestMapping({"/v1", "/v1/**"})
  void other(HttpServletRequest request) {
    String allowed = String.join(", ", allowed(request));
    if (!allowed.isEmpty()) {
      throw ApiException.methodNotAllowed(request.getMethod(), allowed);
    }
    throw new ApiException(HttpStatus.NOT_FOUND, new RouteMissing(RequestIds.of(request)));
  }

  /** The methods with which the request's path is a route. */
  private List<String> allowed(HttpServletRequest request) {
    Set<RequestMethod> allowed = EnumSet.noneOf(RequestMethod.class);
    for (RequestMappingInfo route : mappings.getObject().getHandlerMethods().keySet()) {
      PathPatternsRequestCondition paths = route.getPathPatternsCondition();
      if (paths != null && paths.getMatchingCondition(request) != null) {
        allowed.addAll(route.getMethodsCondition().getMethods());
      }
    }
    return allowed.stream().map(RequestMethod::name).toList();
  }
}
