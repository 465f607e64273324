package io.galerne.shell;

import io.galerne.shell.NavigationItem.Section;
import io.galerne.signin.Person;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Gives each page what the frame around it shows: who is signed in, and what leads where. */
@Configuration(proxyBeanMethods = false)
class ShellModel implements HandlerInterceptor, WebMvcConfigurer {
  private final ObjectProvider<Navigation> navigations;

  ShellModel(ObjectProvider<Navigation> navigations) {
    this.navigations = navigations;
  }

  /** An entry as the bar shows it. */
  record Link(String label, String href, String icon, boolean current) {}

  /** A section with its entries. */
  record Group(Section section, List<Link> links) {}

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(this).excludePathPatterns("/v1/**", "/actuator/**");
  }

  @Override
  public void postHandle(
      HttpServletRequest request,
      HttpServletResponse response,
      Object handler,
      @Nullable ModelAndView page) {
    if (page == null || page.getViewName() == null || page.getViewName().startsWith("redirect:")) {
      return;
    }
    Person person = person();
    String path = request.getRequestURI();
    page.addObject("person", person);
    page.addObject("path", path);
    page.addObject("said", said(request));
    page.addObject("navigation", person == null ? List.of() : groups(person, path));
  }

  /** The first page that is of use to the person. */
  String start(Person person) {
    return groups(person, "").stream()
        .flatMap(group -> group.links().stream())
        .map(Link::href)
        .findFirst()
        .orElse("/account");
  }

  private List<Group> groups(Person person, String path) {
    return Stream.of(Section.values())
        .map(section -> new Group(section, links(section, person, path)))
        .filter(group -> !group.links().isEmpty())
        .toList();
  }

  private List<Link> links(Section section, Person person, String path) {
    List<NavigationItem> items =
        navigations.stream()
            .flatMap(navigation -> navigation.items().stream())
            .filter(item -> item.section() == section && item.isFor(person))
            .sorted(Comparator.comparingInt(NavigationItem::position))
            .toList();
    // of two that lead here, one above the other, the longer is the page's own
    int longest =
        items.stream()
            .filter(item -> item.leadsTo(path))
            .mapToInt(item -> item.href().length())
            .max()
            .orElse(0);
    return items.stream()
        .map(
            item ->
                new Link(
                    item.label(),
                    item.href(),
                    item.icon(),
                    item.leadsTo(path) && item.href().length() == longest))
        .toList();
  }

  /** What a change that led here has to tell, by a short name; nothing else passes. */
  private static @Nullable String said(HttpServletRequest request) {
    String said = request.getParameter("said");
    return said != null && said.matches("[a-z]{1,20}") ? said : null;
  }

  private static @Nullable Person person() {
    Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
    return authentication != null && authentication.getPrincipal() instanceof Person person
        ? person
        : null;
  }
}
