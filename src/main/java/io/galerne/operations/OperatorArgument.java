package io.galerne.operations;

import io.galerne.audit.Actor;
import io.galerne.identity.AdminCaller.PlatformOperator;
import io.galerne.signin.Person;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Hands a page its operator: the person of the session, as the services take them. */
final class OperatorArgument implements HandlerMethodArgumentResolver {
  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.getParameterType().equals(PlatformOperator.class)
        && !parameter.hasParameterAnnotation(AuthenticationPrincipal.class);
  }

  @Override
  public PlatformOperator resolveArgument(
      MethodParameter parameter,
      @Nullable ModelAndViewContainer page,
      NativeWebRequest request,
      @Nullable WebDataBinderFactory binders) {
    Person person = person();
    if (person == null || !person.operator()) {
      throw new IllegalStateException("a page for operators was reached by somebody else");
    }
    Actor actor = person.admin().actor();
    return new PlatformOperator(
        person.memberId(),
        new Actor(Actor.Kind.OPERATOR, person.memberId(), actor.requestId(), actor.address()));
  }

  static @Nullable Person person() {
    Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
    return authentication != null && authentication.getPrincipal() instanceof Person person
        ? person
        : null;
  }
}
