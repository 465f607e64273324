package io.galerne.console;

import io.galerne.catalog.ModelCard;
import io.galerne.catalog.ModelCatalog;
import io.galerne.identity.ApiKeyDirectory;
import io.galerne.identity.Page;
import io.galerne.identity.Permission;
import io.galerne.identity.WorkspaceDirectory;
import io.galerne.moderation.Policies;
import io.galerne.moderation.PolicyIssue;
import io.galerne.moderation.PolicyOutcome;
import io.galerne.moderation.PolicyScope;
import io.galerne.moderation.StoredPolicy;
import io.galerne.signin.Person;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** {@code /console/policies}: which policies there are, and new ones. */
@Controller
class PoliciesPage {
  private static final int CHOICES_MAX = 200;

  private final Policies policies;
  private final ScopeNames scopes;
  private final WorkspaceDirectory workspaces;
  private final ApiKeyDirectory keys;
  private final ModelCatalog models;

  PoliciesPage(
      Policies policies,
      ScopeNames scopes,
      WorkspaceDirectory workspaces,
      ApiKeyDirectory keys,
      ModelCatalog models) {
    this.policies = policies;
    this.scopes = scopes;
    this.workspaces = workspaces;
    this.keys = keys;
    this.models = models;
  }

  /**
   * A policy in the list.
   *
   * @param scope the name of what it is about; empty for the organisation
   * @param last the number of its last version, 0 for none
   */
  record Row(
      UUID id, String name, String kind, String scope, State state, StoredPolicy policy, int last) {
    static Row of(StoredPolicy policy, Map<String, String> names, int last) {
      PolicyScope scope = policy.scope();
      return new Row(
          policy.id(),
          policy.name(),
          scope.kind().wireName(),
          names.getOrDefault(scope.value(), scope.value()),
          State.of(policy, last),
          policy,
          last);
    }
  }

  /** Where a policy stands. */
  enum State {
    IN_FORCE,
    OUT_OF_FORCE,
    DRAFT;

    static State of(StoredPolicy policy, int last) {
      return policy.activeVersion() != null ? IN_FORCE : last > 0 ? OUT_OF_FORCE : DRAFT;
    }
  }

  @GetMapping("/console/policies")
  @Needs(Permission.POLICIES_READ)
  String list(@AuthenticationPrincipal Person person, Model page) {
    List<StoredPolicy> all = policies.list(person.admin());
    Map<String, String> names = scopes.of(person, all.stream().map(StoredPolicy::scope).toList());
    Map<UUID, Integer> last = policies.lastNumbers(person.admin());
    page.addAttribute(
        "rows",
        all.stream()
            .map(policy -> Row.of(policy, names, last.getOrDefault(policy.id(), 0)))
            .toList());
    page.addAttribute("floor", policies.floor().orElse(null));
    page.addAttribute("mayWrite", person.may(Permission.POLICIES_WRITE));
    return "console/policies";
  }

  @GetMapping("/console/policies/new")
  @Needs(Permission.POLICIES_WRITE)
  String form(@AuthenticationPrincipal Person person, Model page) {
    return form(person, ScopeForm.EMPTY, PolicyStarter.TEXT, page);
  }

  private String form(Person person, ScopeForm form, String text, Model page) {
    page.addAttribute("form", form);
    page.addAttribute("text", text);
    page.addAttribute("kinds", ScopeForm.kinds());
    page.addAttribute(
        "workspaces",
        workspaces.list(person.admin(), new Page.Wanted(1, CHOICES_MAX), false, "").items());
    page.addAttribute("keys", keys.list(person.admin(), "", CHOICES_MAX, 0));
    List<ModelCard> cards = models.cards(person.tenantId());
    page.addAttribute("models", cards.stream().map(ModelCard::id).toList());
    page.addAttribute("weights", cards.stream().map(ModelCard::weightsId).distinct().toList());
    return "console/policy-new";
  }

  @PostMapping("/console/policies")
  @Needs(Permission.POLICIES_WRITE)
  String create(
      @AuthenticationPrincipal Person person,
      @ModelAttribute("form") ScopeForm form,
      @RequestParam(defaultValue = "") String text,
      Model page,
      HttpServletResponse response) {
    PolicyScope scope = form.read().orElse(null);
    if (scope == null) {
      return refused(person, form, text, "policies.wrong.scope", page, response);
    }
    return switch (policies.create(person.admin(), scope, text)) {
      case PolicyOutcome.Done<StoredPolicy>(StoredPolicy made) ->
          "redirect:/console/policies/" + made.id() + "?said=made";
      case PolicyOutcome.Invalid<StoredPolicy>(List<PolicyIssue> issues) -> {
        page.addAttribute("issues", issues);
        yield refused(person, form, text, null, page, response);
      }
      case PolicyOutcome.NoScope<StoredPolicy> _ ->
          refused(person, form, text, "policies.wrong.scope", page, response);
      case PolicyOutcome.Conflict<StoredPolicy> _ ->
          refused(person, form, text, "policies.wrong.name", page, response);
      case PolicyOutcome.NotFound<StoredPolicy>() ->
          throw new ResponseStatusException(HttpStatus.NOT_FOUND);
    };
  }

  private String refused(
      Person person,
      ScopeForm form,
      String text,
      @Nullable String problem,
      Model page,
      HttpServletResponse response) {
    response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
    page.addAttribute("problem", problem);
    return form(person, form, text, page);
  }
}
