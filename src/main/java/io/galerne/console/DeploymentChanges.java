package io.galerne.console;

import io.galerne.deployments.Deployment;
import io.galerne.deployments.DeploymentService;
import io.galerne.deployments.DeploymentService.Outcome;
import io.galerne.deployments.SpecProblem;
import io.galerne.identity.Organizations;
import io.galerne.identity.Permission;
import io.galerne.signin.Person;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** What the platform's operators change of deployments, with the sum where it doesn't fit. */
@Controller
class DeploymentChanges {
  private static final String FORM = "console/deployment-form";

  /** The form's fields that go by another name among the rules. */
  private static final Map<String, String> FIELDS =
      Map.of(
          "spill_over", "spillOver",
          "local.kv_memory_mib", "kv",
          "local.weights", "weights",
          "remote.urls", "urls",
          "remote.vocabulary", "vocabulary");

  private final DeploymentService deployments;
  private final Organizations organizations;
  private final MessageSource messages;

  DeploymentChanges(
      DeploymentService deployments, Organizations organizations, MessageSource messages) {
    this.deployments = deployments;
    this.organizations = organizations;
    this.messages = messages;
  }

  @GetMapping("/console/deployments/new")
  @Needs(value = Permission.ORGANIZATION_READ, orOperator = true)
  String blank(
      @AuthenticationPrincipal Person person,
      @RequestParam(defaultValue = "") String organization,
      Model page) {
    return form(scope(person, organization), null, DeploymentForm.EMPTY, Map.of(), page);
  }

  @GetMapping("/console/deployments/{id}/change")
  @Needs(value = Permission.ORGANIZATION_READ, orOperator = true)
  String filled(
      @AuthenticationPrincipal Person person,
      @PathVariable String id,
      @RequestParam(defaultValue = "") String organization,
      Model page) {
    DeploymentScope scope = scope(person, organization);
    Deployment before = find(scope, id);
    return form(scope, before, DeploymentForm.of(before.spec()), Map.of(), page);
  }

  @PostMapping("/console/deployments")
  @Needs(value = Permission.ORGANIZATION_READ, orOperator = true)
  String create(
      @AuthenticationPrincipal Person person,
      @RequestParam(defaultValue = "") String organization,
      @ModelAttribute("form") DeploymentForm form,
      Model page,
      HttpServletResponse response) {
    DeploymentScope scope = scope(person, organization);
    return switch (form.read(false)) {
      case DeploymentForm.Wrong(Map<String, String> wrong) ->
          again(scope, null, form, texts(wrong), page, response);
      case DeploymentForm.Good(var spec, var credential) ->
          after(
              deployments.create(scope.requireOperator(), scope.tenantId(), spec, credential),
              scope,
              null,
              form,
              page,
              response);
    };
  }

  @PostMapping("/console/deployments/{id}")
  @Needs(value = Permission.ORGANIZATION_READ, orOperator = true)
  String change(
      @AuthenticationPrincipal Person person,
      @PathVariable String id,
      @RequestParam(defaultValue = "") String organization,
      @ModelAttribute("form") DeploymentForm form,
      Model page,
      HttpServletResponse response) {
    DeploymentScope scope = scope(person, organization);
    Deployment before = find(scope, id);
    return switch (form.read(before.spec().stopped())) {
      case DeploymentForm.Wrong(Map<String, String> wrong) ->
          again(scope, before, form, texts(wrong), page, response);
      case DeploymentForm.Good(var spec, var credential) ->
          after(
              deployments.replace(
                  scope.requireOperator(), scope.tenantId(), before.id(), spec, credential),
              scope,
              before,
              form,
              page,
              response);
    };
  }

  @PostMapping("/console/deployments/{id}/{change:stop|start}")
  @Needs(value = Permission.ORGANIZATION_READ, orOperator = true)
  String setStopped(
      @AuthenticationPrincipal Person person,
      @PathVariable String id,
      @PathVariable String change,
      @RequestParam(defaultValue = "") String organization,
      Model page,
      HttpServletResponse response) {
    DeploymentScope scope = scope(person, organization);
    Deployment before = find(scope, id);
    return after(
        deployments.setStopped(
            scope.requireOperator(), scope.tenantId(), before.id(), change.equals("stop")),
        scope,
        before,
        DeploymentForm.of(before.spec()),
        page,
        response);
  }

  @PostMapping("/console/deployments/{id}/remove")
  @Needs(value = Permission.ORGANIZATION_READ, orOperator = true)
  String remove(
      @AuthenticationPrincipal Person person,
      @PathVariable String id,
      @RequestParam(defaultValue = "") String organization,
      Model page,
      HttpServletResponse response) {
    DeploymentScope scope = scope(person, organization);
    Deployment before = find(scope, id);
    Outcome outcome = deployments.delete(scope.requireOperator(), scope.tenantId(), before.id());
    return outcome instanceof DeploymentService.Done
        ? "redirect:" + scope.at("/console/deployments")
        : after(outcome, scope, before, DeploymentForm.of(before.spec()), page, response);
  }

  private String after(
      Outcome outcome,
      DeploymentScope scope,
      @Nullable Deployment before,
      DeploymentForm form,
      Model page,
      HttpServletResponse response) {
    return switch (outcome) {
      case DeploymentService.Done(DeploymentService.Seen seen) ->
          "redirect:" + scope.at("/console/deployments/" + seen.deployment().id());
      case DeploymentService.Unknown() -> throw new ResponseStatusException(HttpStatus.NOT_FOUND);
      case DeploymentService.OfFile() -> throw new ResponseStatusException(HttpStatus.CONFLICT);
      case DeploymentService.Refused(List<SpecProblem> problems) -> {
        Map<String, String> texts = new TreeMap<>();
        for (SpecProblem problem : problems) {
          texts.merge(
              FIELDS.getOrDefault(problem.field(), problem.field()),
              problem.message(),
              (one, other) -> one + "; " + other);
        }
        yield again(scope, before, form, texts, page, response);
      }
    };
  }

  private String again(
      DeploymentScope scope,
      @Nullable Deployment before,
      DeploymentForm form,
      Map<String, String> problems,
      Model page,
      HttpServletResponse response) {
    response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
    return form(scope, before, form, problems, page);
  }

  private String form(
      DeploymentScope scope,
      @Nullable Deployment before,
      DeploymentForm form,
      Map<String, String> problems,
      Model page) {
    page.addAttribute("scope", scope);
    page.addAttribute("before", before);
    page.addAttribute("form", form);
    page.addAttribute("problems", problems);
    page.addAttribute("allWeights", deployments.weights());
    page.addAttribute("models", deployments.sharedModels());
    page.addAttribute("floors", deployments.floors());
    return FORM;
  }

  private DeploymentScope scope(Person person, String organization) {
    DeploymentScope scope = DeploymentScope.of(person, organization, organizations);
    scope.requireOperator();
    return scope;
  }

  private Deployment find(DeploymentScope scope, String id) {
    UUID known = UsageFilter.id(id);
    if (known == null) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND);
    }
    return deployments
        .find(scope.tenantId(), known)
        .map(DeploymentService.Seen::deployment)
        .filter(found -> !found.fromFile())
        .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
  }

  private Map<String, String> texts(Map<String, String> keys) {
    Map<String, String> texts = new TreeMap<>();
    keys.forEach(
        (field, key) ->
            texts.put(field, messages.getMessage(key, null, LocaleContextHolder.getLocale())));
    return texts;
  }
}
