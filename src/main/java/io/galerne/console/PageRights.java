package io.galerne.console;

import io.galerne.signin.Person;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Checks each page of the console against what the person may do; one that needs nothing says so.
 */
@Configuration(proxyBeanMethods = false)
class PageRights implements HandlerInterceptor, WebMvcConfigurer {
  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(this).addPathPatterns("/console", "/console/**");
  }

  @Override
  public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
      throws IOException {
    if (!(handler instanceof HandlerMethod page)
        || !page.getBeanType().getPackageName().equals(PageRights.class.getPackageName())
        || page.hasMethodAnnotation(ForEverybody.class)) {
      return true;
    }
    Needs needs = page.getMethodAnnotation(Needs.class);
    if (needs == null) {
      throw new IllegalStateException(page + " names no permission");
    }
    Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
    boolean allowed =
        authentication != null
            && authentication.getPrincipal() instanceof Person person
            && allows(needs, person);
    if (!allowed) {
      response.sendError(HttpStatus.FORBIDDEN.value());
    }
    return allowed;
  }

  private static boolean allows(Needs needs, Person person) {
    return (needs.inWorkspace() && person.maySomewhere(needs.value()))
        || (needs.orOperator() && person.operator())
        || person.may(needs.value());
  }
}
