package io.galerne.operations;

import io.galerne.identity.AdminCaller.PlatformOperator;
import io.galerne.identity.Invitation;
import io.galerne.identity.Organizations;
import io.galerne.identity.Page;
import io.galerne.limits.PlanDesk;
import io.galerne.limits.Plans;
import io.galerne.limits.PlatformSpend;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** {@code /operator}: the tenants, and how one is added. */
@Controller
class TenantsPage {
  private static final String PAGE = "operator/tenants";
  private static final int PAGE_SIZE = 25;
  private static final int SEARCH_CHARS_MAX = 100;
  private static final int NAME_CHARS_MAX = 200;

  private final TenantDirectory directory;
  private final Organizations organizations;
  private final PlanDesk desk;
  private final Plans plans;
  private final PlatformSpend spend;

  TenantsPage(
      TenantDirectory directory,
      Organizations organizations,
      PlanDesk desk,
      Plans plans,
      PlatformSpend spend) {
    this.directory = directory;
    this.organizations = organizations;
    this.desk = desk;
    this.plans = plans;
    this.spend = spend;
  }

  /** What was typed to find tenants. */
  record Search(
      @Nullable String q,
      @Nullable String plan,
      @Nullable String state,
      @Nullable String order,
      @Nullable String page) {
    static final Search ALL = new Search("", "", "", "", "1");

    TenantDirectory.Wanted wanted() {
      String wanted = Typed.text(state, 10);
      return new TenantDirectory.Wanted(
          Typed.text(q, SEARCH_CHARS_MAX),
          Typed.text(plan, SEARCH_CHARS_MAX),
          List.of("active", "suspended").contains(wanted) ? wanted : "",
          TenantDirectory.Order.of(Typed.text(order, 10)));
    }
  }

  /**
   * The form of a new tenant.
   *
   * @param email of the first owner, who is invited
   */
  record NewTenant(@Nullable String name, @Nullable String plan, @Nullable String email) {
    static final NewTenant EMPTY = new NewTenant("", "", "");
  }

  @GetMapping("/operator")
  String page(PlatformOperator operator, Search search, Model model) {
    TenantDirectory.Wanted wanted = search.wanted();
    int number = Typed.page(search.page());
    Page<TenantDirectory.Row> found =
        directory.find(operator, wanted, new Page.Wanted(number, PAGE_SIZE));
    model.addAttribute("tenants", found.items());
    model.addAttribute("total", found.total());
    model.addAttribute("wanted", wanted);
    model.addAttribute("number", number);
    model.addAttribute("more", (long) number * PAGE_SIZE < found.total());
    model.addAttribute("plans", planNames());
    model.addAttribute("spent", spend.thisMonthMicros(operator));
    if (!model.containsAttribute("form")) {
      model.addAttribute("form", NewTenant.EMPTY);
    }
    return PAGE;
  }

  private List<String> planNames() {
    List<String> names = new ArrayList<>();
    names.add(Plans.TIERED);
    desk.list().forEach(plan -> names.add(plan.id()));
    return names;
  }

  @PostMapping("/operator/tenants")
  String create(
      PlatformOperator operator, NewTenant form, Model model, HttpServletResponse response) {
    String name = Typed.text(form.name(), NAME_CHARS_MAX + 1);
    String plan = Typed.text(form.plan(), NAME_CHARS_MAX);
    Optional<String> email = Typed.email(form.email());
    String wrong = null;
    if (name.isEmpty() || name.length() > NAME_CHARS_MAX) {
      wrong = "name";
    } else if (!plan.isEmpty() && !plans.exists(plan)) {
      wrong = "plan";
    } else if (email.isEmpty()) {
      wrong = "email";
    }
    if (wrong != null) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      model.addAttribute("wrong", wrong);
      model.addAttribute("form", form);
      return page(operator, Search.ALL, model);
    }
    UUID id = UUID.randomUUID();
    Invitation.Sent sent =
        organizations.createInviting(
            operator, id, name, plan.isEmpty() ? null : plan, email.orElseThrow());
    model.addAttribute("createdId", id);
    model.addAttribute("createdName", name);
    model.addAttribute("createdEmail", sent.invitation().email());
    model.addAttribute("createdLink", invitationLink(sent));
    return page(operator, Search.ALL, model);
  }

  static String invitationLink(Invitation.Sent sent) {
    return ServletUriComponentsBuilder.fromCurrentContextPath()
        .path("/invitation")
        .queryParam("token", sent.token())
        .toUriString();
  }
}
