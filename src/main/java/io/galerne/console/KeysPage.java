package io.galerne.console;

import io.galerne.identity.ApiKeyDetails;
import io.galerne.identity.ApiKeyDirectory;
import io.galerne.identity.Page;
import io.galerne.identity.Permission;
import io.galerne.identity.WorkspaceDetails;
import io.galerne.identity.WorkspaceDirectory;
import io.galerne.signin.Person;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** {@code /console/keys}: API keys, made, shown once, replaced and withdrawn. */
@Controller
class KeysPage {
  private static final String PAGE = "console/keys";
  private static final int PAGE_SIZE = 50;
  private static final int PAGES_MAX = 10_000;
  private static final int SEARCH_CHARS_MAX = 100;
  private static final int WORKSPACES_MAX = 200;

  private final ApiKeyDirectory keys;
  private final WorkspaceDirectory workspaces;
  private final Clock clock;

  KeysPage(ApiKeyDirectory keys, WorkspaceDirectory workspaces, Clock clock) {
    this.keys = keys;
    this.workspaces = workspaces;
    this.clock = clock;
  }

  /** A key, and whether the person may change it. */
  record Row(ApiKeyDetails key, boolean writable, boolean expired) {}

  @GetMapping("/console/keys")
  @Needs(value = Permission.KEYS_READ, inWorkspace = true)
  String page(
      @AuthenticationPrincipal Person person,
      @RequestParam(defaultValue = "") String q,
      @RequestParam(defaultValue = "1") String page,
      Model model) {
    String search = UsageFilter.typed(q, SEARCH_CHARS_MAX);
    int number = page.matches("\\d{1,5}") ? Math.clamp(Integer.parseInt(page), 1, PAGES_MAX) : 1;
    List<ApiKeyDetails> found =
        keys.list(person.admin(), search, PAGE_SIZE + 1, (number - 1L) * PAGE_SIZE);
    model.addAttribute(
        "rows", found.stream().limit(PAGE_SIZE).map(key -> row(person, key)).toList());
    model.addAttribute("q", search);
    model.addAttribute("number", number);
    model.addAttribute("more", found.size() > PAGE_SIZE);
    addForm(person, model);
    return PAGE;
  }

  private Row row(Person person, ApiKeyDetails key) {
    return new Row(
        key,
        person.admin().mayIn(key.workspaceId(), Permission.KEYS_WRITE),
        key.expiresAt() != null && !clock.instant().isBefore(key.expiresAt()));
  }

  private void addForm(Person person, Model model) {
    List<WorkspaceDetails> own =
        workspaces
            .list(person.admin(), new Page.Wanted(1, WORKSPACES_MAX), false, "")
            .items()
            .stream()
            .filter(workspace -> person.admin().mayIn(workspace.id(), Permission.KEYS_WRITE))
            .toList();
    model.addAttribute("workspaces", own);
    if (!model.containsAttribute("form")) {
      model.addAttribute("form", KeyForm.EMPTY);
    }
  }

  @PostMapping("/console/keys")
  @Needs(value = Permission.KEYS_WRITE, inWorkspace = true)
  String create(
      @AuthenticationPrincipal Person person,
      @ModelAttribute("form") KeyForm form,
      Model model,
      HttpServletResponse response) {
    return switch (form.read(person.memberId(), clock.instant())) {
      case KeyForm.Wrong(String field, String problem) -> {
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        model.addAttribute("wrongField", field);
        model.addAttribute("wrongProblem", problem);
        yield page(person, "", "1", model);
      }
      case KeyForm.Good(var wanted) -> {
        ApiKeyDirectory.Created created = keys.create(person.admin(), wanted);
        model.addAttribute("form", KeyForm.EMPTY);
        yield shown(person, created, model);
      }
    };
  }

  private String shown(Person person, ApiKeyDirectory.Created created, Model model) {
    model.addAttribute("secret", created.key().secret());
    model.addAttribute("secretName", created.details().name());
    return page(person, "", "1", model);
  }

  @PostMapping("/console/keys/{id}/rotate")
  @Needs(value = Permission.KEYS_WRITE, inWorkspace = true)
  String rotate(
      @AuthenticationPrincipal Person person,
      @PathVariable String id,
      @RequestParam(defaultValue = "0") String hours,
      Model model) {
    Duration overlap =
        Duration.ofHours(hours.matches("\\d{1,3}") ? Math.min(Integer.parseInt(hours), 168) : 0);
    return shown(person, keys.rotate(person.admin(), known(id), overlap, null), model);
  }

  @PostMapping("/console/keys/{id}/revoke")
  @Needs(value = Permission.KEYS_WRITE, inWorkspace = true)
  String revoke(@AuthenticationPrincipal Person person, @PathVariable String id) {
    keys.delete(person.admin(), known(id));
    return "redirect:/console/keys?said=revoked";
  }

  /** A text that is no id names nothing, as an unknown id does. */
  private static UUID known(String id) {
    UUID read = UsageFilter.id(id);
    return read == null ? NOTHING : read;
  }

  private static final UUID NOTHING = new UUID(0, 0);
}
