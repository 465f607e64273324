package io.galerne.console;

import io.galerne.identity.Permission;
import io.galerne.moderation.DryRun;
import io.galerne.moderation.Policies;
import io.galerne.moderation.PolicyIssue;
import io.galerne.moderation.PolicyOutcome;
import io.galerne.moderation.TrialResult;
import io.galerne.signin.Person;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** What the editor of policies asks while somebody writes: parts of its page. */
@Controller
class PolicyBench {
  private static final int SAMPLE_CHARS_MAX = 100_000;
  private static final int TEXTS_MAX = 500;
  private static final String PARTS = "console/policy-parts :: ";

  private final Policies policies;

  PolicyBench(Policies policies) {
    this.policies = policies;
  }

  @PostMapping("/console/policies/validate")
  @Needs(Permission.POLICIES_WRITE)
  String validate(@RequestParam(defaultValue = "") String text, Model page) {
    page.addAttribute("issues", policies.validate(text));
    return PARTS + "issues";
  }

  /** The same policy in the other notation; 422 as long as it is none. */
  @PostMapping("/console/policies/written")
  @Needs(Permission.POLICIES_WRITE)
  ResponseEntity<String> written(
      @RequestParam(defaultValue = "") String text,
      @RequestParam(defaultValue = "yaml") String as) {
    return policies
        .written(text, as.equals("json"))
        .map(
            written ->
                ResponseEntity.ok()
                    .contentType(MediaType.parseMediaType("text/plain;charset=utf-8"))
                    .body(written))
        .orElseGet(() -> ResponseEntity.unprocessableContent().build());
  }

  /**
   * Tries a sample on what stands in the editor, or on a version.
   *
   * @param id empty for a policy that is kept nowhere yet
   */
  @PostMapping("/console/policies/try")
  @Needs(Permission.POLICIES_WRITE)
  String test(
      @AuthenticationPrincipal Person person,
      @RequestParam(defaultValue = "") String id,
      @RequestParam(defaultValue = "") String text,
      @RequestParam(defaultValue = "") String sample,
      @RequestParam(defaultValue = "output") String stage,
      @RequestParam(defaultValue = "0") String version,
      Model page) {
    if (sample.isBlank() || sample.length() > SAMPLE_CHARS_MAX) {
      page.addAttribute("problem", "policies.wrong.sample");
      return PARTS + "tried";
    }
    boolean input = stage.equals("input");
    int number = PolicyPage.number(version);
    String tried = sample.replace("\r\n", "\n");
    Policies.Trial trial =
        new Policies.Trial(
            tried, input ? Policies.Stage.INPUT : Policies.Stage.OUTPUT, number, false);
    UUID policy = UsageFilter.id(id);
    PolicyOutcome<TrialResult> outcome =
        number > 0 && policy != null
            ? policies.test(person.admin(), policy, trial)
            : policies.test(person.admin(), text, trial);
    switch (outcome) {
      case PolicyOutcome.Done<TrialResult>(TrialResult result) ->
          page.addAttribute("tried", TriedText.of(tried, input, result));
      case PolicyOutcome.Invalid<TrialResult>(List<PolicyIssue> _) ->
          page.addAttribute("problem", "policies.wrong.text");
      case PolicyOutcome.NotFound<TrialResult> _,
          PolicyOutcome.Conflict<TrialResult> _,
          PolicyOutcome.NoScope<TrialResult> _ ->
          page.addAttribute("problem", "policies.wrong.version");
    }
    return PARTS + "tried";
  }

  /** What the draft would change: of texts, one a line, or of recent traffic that was kept. */
  @PostMapping("/console/policies/{id}/dry-run")
  @Needs(Permission.POLICIES_WRITE)
  String dryRun(
      @AuthenticationPrincipal Person person,
      @PathVariable String id,
      @RequestParam(defaultValue = "kept") String source,
      @RequestParam(defaultValue = "") String texts,
      Model page) {
    UUID policy = UsageFilter.id(id);
    if (policy == null) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND);
    }
    List<String> given = source.equals("given") ? lines(texts) : null;
    if (given != null && (given.isEmpty() || texts.length() > SAMPLE_CHARS_MAX)) {
      page.addAttribute("problem", "policies.wrong.texts");
      return PARTS + "dryrun";
    }
    show(
        policies.dryRun(person.admin(), policy, new Policies.Replay(given, Policies.Stage.BOTH)),
        given,
        page);
    return PARTS + "dryrun";
  }

  private static List<String> lines(String texts) {
    return Arrays.stream(texts.split("\\R", -1))
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .limit(TEXTS_MAX)
        .toList();
  }

  private static void show(
      PolicyOutcome<DryRun.Result> outcome, @Nullable List<String> given, Model page) {
    switch (outcome) {
      case PolicyOutcome.Done<DryRun.Result>(DryRun.Result result) -> {
        page.addAttribute("result", result);
        page.addAttribute("given", given);
      }
      case PolicyOutcome.NotFound<DryRun.Result>() ->
          throw new ResponseStatusException(HttpStatus.NOT_FOUND);
      case PolicyOutcome.Invalid<DryRun.Result> _,
          PolicyOutcome.Conflict<DryRun.Result> _,
          PolicyOutcome.NoScope<DryRun.Result> _ ->
          page.addAttribute("problem", "policies.wrong.text");
    }
  }
}
