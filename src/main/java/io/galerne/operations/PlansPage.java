package io.galerne.operations;

import io.galerne.catalog.ModelCard;
import io.galerne.catalog.ModelCatalog;
import io.galerne.identity.AdminCaller.PlatformOperator;
import io.galerne.limits.PlanDesk;
import io.galerne.limits.PlanDetails;
import io.galerne.limits.PlanTerms.Problem;
import io.galerne.limits.Plans;
import io.galerne.metering.PriceBook;
import jakarta.servlet.http.HttpServletResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.server.ResponseStatusException;

/** {@code /operator/plans}: what organisations can be put on, and what it gives them. */
@Controller
class PlansPage {
  private static final String FORM = "operator/plan";

  private final PlanDesk desk;
  private final ModelCatalog catalog;
  private final PriceBook prices;

  PlansPage(PlanDesk desk, ModelCatalog catalog, PriceBook prices) {
    this.desk = desk;
    this.catalog = catalog;
    this.prices = prices;
  }

  @GetMapping("/operator/plans")
  String page(PlatformOperator operator, Model model) {
    Map<String, Long> organizations = desk.organizations(operator);
    model.addAttribute("plans", desk.list());
    model.addAttribute("organizations", organizations);
    model.addAttribute("tiered", organizations.getOrDefault(Plans.TIERED, 0L));
    return "operator/plans";
  }

  @GetMapping("/operator/plans/new")
  String fresh(PlatformOperator operator, Model model) {
    return form(PlanForm.EMPTY, null, model);
  }

  @GetMapping("/operator/plans/{id}")
  String one(PlatformOperator operator, @PathVariable String id, Model model) {
    PlanDetails plan = known(id);
    return form(PlanForm.of(plan), plan, model);
  }

  private PlanDetails known(String id) {
    return desk.find(id).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
  }

  private String form(PlanForm form, @Nullable PlanDetails plan, Model model) {
    model.addAttribute("form", form);
    model.addAttribute("plan", plan);
    model.addAttribute("versions", plan == null ? List.of() : desk.versions(plan.id()));
    model.addAttribute("currency", prices.currency());
    model.addAttribute("known", catalog.cards().stream().map(ModelCard::id).sorted().toList());
    if (!model.containsAttribute("wrong")) {
      model.addAttribute("wrong", Map.of());
    }
    return FORM;
  }

  @PostMapping("/operator/plans")
  String create(
      PlatformOperator operator,
      @ModelAttribute("form") PlanForm form,
      Model model,
      HttpServletResponse response) {
    return switch (form.read()) {
      case PlanForm.Wrong(var problems) -> wrong(form, null, problems, model, response);
      case PlanForm.Good(var terms) ->
          after(
              desk.create(operator, Typed.text(form.name(), 51), terms),
              form,
              null,
              model,
              response);
    };
  }

  @PostMapping("/operator/plans/{id}")
  String change(
      PlatformOperator operator,
      @PathVariable String id,
      @ModelAttribute("form") PlanForm form,
      Model model,
      HttpServletResponse response) {
    PlanDetails plan = known(id);
    String version = Typed.text(form.version(), 9);
    return switch (form.read()) {
      case PlanForm.Wrong(var problems) -> wrong(form, plan, problems, model, response);
      case PlanForm.Good(var terms) ->
          after(
              desk.change(
                  operator,
                  id,
                  version.matches("\\d{1,9}") ? Integer.valueOf(version) : null,
                  terms),
              form,
              plan,
              model,
              response);
    };
  }

  private String after(
      PlanDesk.Outcome outcome,
      PlanForm form,
      @Nullable PlanDetails plan,
      Model model,
      HttpServletResponse response) {
    return switch (outcome) {
      case PlanDesk.Saved(var saved) -> "redirect:/operator/plans?said=saved";
      case PlanDesk.Unknown _ -> throw new ResponseStatusException(HttpStatus.NOT_FOUND);
      case PlanDesk.Invalid(var problems) -> wrong(form, plan, problems, model, response);
      case PlanDesk.Taken _ -> {
        model.addAttribute("problem", "plans.wrong.taken");
        yield wrong(form, plan, List.of(), model, response);
      }
      case PlanDesk.Outdated(var now) -> {
        model.addAttribute("problem", "plans.wrong.outdated");
        yield wrong(form, now, List.of(), model, response);
      }
    };
  }

  private String wrong(
      PlanForm form,
      @Nullable PlanDetails plan,
      List<Problem> problems,
      Model model,
      HttpServletResponse response) {
    response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
    Map<String, String> byField = new LinkedHashMap<>();
    problems.forEach(problem -> byField.merge(problem.field(), problem.message(), (a, _) -> a));
    model.addAttribute("wrong", byField);
    return form(form, plan, model);
  }
}
