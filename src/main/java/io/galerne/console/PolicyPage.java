package io.galerne.console;

import io.galerne.identity.Permission;
import io.galerne.moderation.Policies;
import io.galerne.moderation.PolicyDiff;
import io.galerne.moderation.PolicyIssue;
import io.galerne.moderation.PolicyOutcome;
import io.galerne.moderation.PolicyVersion;
import io.galerne.moderation.StoredPolicy;
import io.galerne.signin.Person;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** {@code /console/policies/ID}: a policy's draft, its versions, and what is in force. */
@Controller
class PolicyPage {
  private static final int NUMBER_MAX = 1_000_000;

  private final Policies policies;
  private final ScopeNames scopes;

  PolicyPage(Policies policies, ScopeNames scopes) {
    this.policies = policies;
    this.scopes = scopes;
  }

  /**
   * What is compared.
   *
   * @param from a version, 0 for the draft
   */
  record Compared(int from, int to, List<PolicyDiff.Change> changes) {}

  @GetMapping("/console/policies/{id}")
  @Needs(Permission.POLICIES_READ)
  String page(
      @AuthenticationPrincipal Person person,
      @PathVariable String id,
      @RequestParam(defaultValue = "") String base,
      @RequestParam(defaultValue = "") String from,
      @RequestParam(defaultValue = "") String to,
      Model page) {
    StoredPolicy policy = find(person, id);
    List<PolicyVersion> versions = done(policies.versions(person.admin(), policy.id()));
    String text = Objects.requireNonNullElse(policy.draft(), "");
    int begin = number(base);
    for (PolicyVersion version : versions) {
      if (version.number() == begin) {
        text = policies.written(version.content(), false).orElse(version.content());
        page.addAttribute("base", begin);
      }
    }
    if (!from.isEmpty() && !to.isEmpty()) {
      page.addAttribute("compared", compare(person, policy.id(), number(from), number(to)));
    }
    return shown(person, policy, versions, text, page);
  }

  private String shown(
      Person person, StoredPolicy policy, List<PolicyVersion> versions, String text, Model page) {
    int last = versions.isEmpty() ? 0 : versions.getFirst().number();
    Map<String, String> names = scopes.of(person, List.of(policy.scope()));
    page.addAttribute("row", PoliciesPage.Row.of(policy, names, last));
    page.addAttribute("versions", versions);
    page.addAttribute("text", text);
    page.addAttribute("floor", policies.floor().orElse(null));
    page.addAttribute("mayWrite", person.may(Permission.POLICIES_WRITE));
    if (!page.containsAttribute("issues")) {
      page.addAttribute("issues", policies.validate(text));
    }
    return "console/policy";
  }

  private @Nullable Compared compare(Person person, UUID id, int from, int to) {
    PolicyOutcome<List<PolicyDiff.Change>> changes = policies.diff(person.admin(), id, from, to);
    return changes instanceof PolicyOutcome.Done<List<PolicyDiff.Change>>(var found)
        ? new Compared(from, to, found)
        : null;
  }

  /** Keeps the text as the draft, and publishes that if it is asked for. */
  @PostMapping("/console/policies/{id}")
  @Needs(Permission.POLICIES_WRITE)
  String save(
      @AuthenticationPrincipal Person person,
      @PathVariable String id,
      @RequestParam(defaultValue = "") String text,
      @RequestParam(defaultValue = "save") String then,
      Model page,
      HttpServletResponse response) {
    StoredPolicy policy = find(person, id);
    PolicyOutcome<StoredPolicy> saved = policies.draft(person.admin(), policy.id(), text);
    if (saved instanceof PolicyOutcome.Invalid<StoredPolicy>(List<PolicyIssue> issues)) {
      response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
      page.addAttribute("issues", issues);
      page.addAttribute("problem", "policies.wrong.text");
      return shown(
          person, policy, done(policies.versions(person.admin(), policy.id())), text, page);
    }
    done(saved);
    boolean publish = then.equals("publish");
    if (publish) {
      done(policies.publish(person.admin(), policy.id()));
    }
    return back(policy.id(), publish ? "published" : "saved");
  }

  /** Puts a version in force, or with 0 none. */
  @PostMapping("/console/policies/{id}/activate")
  @Needs(Permission.POLICIES_WRITE)
  String activate(
      @AuthenticationPrincipal Person person,
      @PathVariable String id,
      @RequestParam(defaultValue = "") String version) {
    StoredPolicy policy = find(person, id);
    int number = version.equals("0") ? 0 : number(version);
    if (number == 0 && !version.equals("0")) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND);
    }
    done(policies.rollBack(person.admin(), policy.id(), number));
    return back(policy.id(), number == 0 ? "withdrawn" : "activated");
  }

  private static String back(UUID id, String said) {
    return "redirect:/console/policies/" + id + "?said=" + said;
  }

  private StoredPolicy find(Person person, String id) {
    UUID known = UsageFilter.id(id);
    return (known == null ? Optional.<StoredPolicy>empty() : policies.find(person.admin(), known))
        .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
  }

  /** What came of something that only a change in between can have refused. */
  private static <T> T done(PolicyOutcome<T> outcome) {
    return switch (outcome) {
      case PolicyOutcome.Done<T>(T value) -> value;
      case PolicyOutcome.NotFound<T>() -> throw new ResponseStatusException(HttpStatus.NOT_FOUND);
      case PolicyOutcome.Conflict<T> _, PolicyOutcome.Invalid<T> _, PolicyOutcome.NoScope<T> _ ->
          throw new ResponseStatusException(HttpStatus.CONFLICT);
    };
  }

  /** A version's number, or 0. */
  static int number(String text) {
    return text.matches("\\d{1,7}") ? Math.min(Integer.parseInt(text), NUMBER_MAX) : 0;
  }
}
