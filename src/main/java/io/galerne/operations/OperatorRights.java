package io.galerne.operations;

import io.galerne.signin.Person;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Opens the operators' pages to operators. To everybody else there is no such page, whatever their
 * role; and to who belongs to the platform alone there are no pages of tenants, but for those of
 * deployments, which are the operators' to make.
 */
@Configuration(proxyBeanMethods = false)
class OperatorRights implements HandlerInterceptor, WebMvcConfigurer {
  private static final String OPERATORS = "/operator";
  private static final String DEPLOYMENTS = "/console/deployments";

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry
        .addInterceptor(this)
        .addPathPatterns(
            OPERATORS, OPERATORS + "/**", "/chat", "/chat/**", "/console", "/console/**")
        .order(Ordered.HIGHEST_PRECEDENCE); // before the pages' own checks have their say
  }

  @Override
  public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
    resolvers.add(new OperatorArgument());
  }

  @Override
  public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
      throws IOException {
    if (!(handler instanceof HandlerMethod)) {
      return true; // a style or a script, or nothing at all
    }
    Person person = OperatorArgument.person();
    String path = request.getServletPath();
    boolean operators = isUnder(OPERATORS, path);
    boolean tenants = !isUnder(DEPLOYMENTS, path);
    boolean there =
        person == null || (operators ? person.operator() : !(tenants && person.isOfPlatform()));
    boolean open = there && (person != null || !operators);
    if (!open) {
      response.sendError(HttpStatus.NOT_FOUND.value());
    }
    return open;
  }

  private static boolean isUnder(String parent, String path) {
    return path.equals(parent) || path.startsWith(parent + "/");
  }
}
