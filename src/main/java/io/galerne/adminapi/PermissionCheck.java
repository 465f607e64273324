package io.galerne.adminapi;

import io.galerne.api.ApiException;
import io.galerne.api.ErrorEnvelope;
import io.galerne.identity.AdminCaller;
import io.galerne.identity.Permission;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Checks each call of the Admin API against the caller's permissions, before its body is read: a
 * caller who may not do something learns nothing about what it would be done to.
 */
@Configuration(proxyBeanMethods = false)
class PermissionCheck implements HandlerInterceptor, WebMvcConfigurer {
  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(this).addPathPatterns("/v1/admin", "/v1/admin/**");
  }

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (!(handler instanceof HandlerMethod operation)) {
      return true; // the container's own, such as an answer to OPTIONS
    }
    if (operation.hasMethodAnnotation(Open.class)) {
      return true;
    }
    Requires required = operation.getMethodAnnotation(Requires.class);
    if (required == null) {
      throw new IllegalStateException(operation + " names no permission");
    }
    if (!isAllowed(caller(), required)) {
      throw new ApiException(HttpStatus.FORBIDDEN, denied(required.value()));
    }
    return true;
  }

  private static boolean isAllowed(@Nullable AdminCaller caller, Requires required) {
    if (caller == null) {
      return false;
    }
    return required.inWorkspace()
        ? caller.maySomewhere(required.value())
        : caller.may(required.value());
  }

  private static @Nullable AdminCaller caller() {
    Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
    return authentication != null && authentication.getPrincipal() instanceof AdminCaller caller
        ? caller
        : null;
  }

  private static ErrorEnvelope denied(Permission permission) {
    return new ErrorEnvelope(
        "Your roles do not include the permission " + permission.label(),
        "permission_denied",
        null,
        null);
  }
}
