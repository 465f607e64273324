package io.galerne.adminapi;

import io.galerne.api.ApiException;
import io.galerne.api.ErrorEnvelope;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.PathContainer;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Answers what no other operation takes: 405 with the methods that a known path has, 404 for the
 * rest. The methods are read from the operations themselves.
 */
@RestController
@Hidden
class OtherAdminRoutes {
  private final ObjectProvider<RequestMappingHandlerMapping> operations;

  OtherAdminRoutes(
      @Qualifier("requestMappingHandlerMapping")
          ObjectProvider<RequestMappingHandlerMapping> operations) {
    this.operations = operations;
  }

  @Hidden
  @RequestMapping({"/v1/admin", "/v1/admin/**"})
  @Open
  void other(HttpServletRequest request) {
    Set<String> methods = methods(PathContainer.parsePath(request.getRequestURI()));
    if (methods.isEmpty()) {
      throw new ApiException(
          HttpStatus.NOT_FOUND, new ErrorEnvelope("There is no such route", "not_found"));
    }
    HttpHeaders headers = new HttpHeaders();
    String allowed = String.join(", ", methods);
    headers.set(HttpHeaders.ALLOW, allowed);
    throw new ApiException(
        HttpStatus.METHOD_NOT_ALLOWED,
        new ErrorEnvelope(
            "%s is not allowed here, only %s".formatted(request.getMethod(), allowed),
            "method_not_allowed"),
        headers);
  }

  private Set<String> methods(PathContainer path) {
    Set<String> methods = new TreeSet<>();
    operations
        .getObject()
        .getHandlerMethods()
        .forEach(
            (info, _) -> {
              if (info.getPathPatternsCondition() != null
                  && info.getPathPatternsCondition().getPatterns().stream()
                      .anyMatch(pattern -> pattern.matches(path))) {
                info.getMethodsCondition().getMethods().forEach(m -> methods.add(m.name()));
              }
            });
    return methods;
  }
}
