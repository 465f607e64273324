package io.galerne.console;

import io.galerne.audit.AnswerContent;
import io.galerne.audit.AnswerRecord;
import io.galerne.audit.AnswerRecords;
import io.galerne.audit.AuditEntry;
import io.galerne.audit.AuditedWork;
import io.galerne.identity.KeyOwners;
import io.galerne.identity.Permission;
import io.galerne.metering.LedgerLine;
import io.galerne.metering.LedgerLines;
import io.galerne.moderation.DecisionDesk;
import io.galerne.moderation.PolicyNames;
import io.galerne.replay.ReplayDesk;
import io.galerne.replay.Replayed;
import io.galerne.signin.Person;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/**
 * {@code /console/requests/ID}: all there is of one request. What was said is a sensitive read, so
 * it is shown on demand and leaves a row in the trail.
 */
@Controller
class RequestPage {
  private static final String PARTS = "console/request-parts :: ";

  private final LedgerLines lines;
  private final KeyOwners owners;
  private final PriceLines prices;
  private final PolicyNames policies;
  private final DecisionDesk decisions;
  private final AnswerRecords answers;
  private final ReplayDesk replays;
  private final AuditedWork audited;

  RequestPage(
      LedgerLines lines,
      KeyOwners owners,
      PriceLines prices,
      PolicyNames policies,
      DecisionDesk decisions,
      AnswerRecords answers,
      ReplayDesk replays,
      AuditedWork audited) {
    this.lines = lines;
    this.owners = owners;
    this.prices = prices;
    this.policies = policies;
    this.decisions = decisions;
    this.answers = answers;
    this.replays = replays;
    this.audited = audited;
  }

  @GetMapping("/console/requests/{id}")
  @Needs(Permission.USAGE_READ)
  String page(@AuthenticationPrincipal Person person, @PathVariable String id, Model page) {
    LedgerLine line = find(person, id);
    UUID tenant = person.tenantId();
    page.addAttribute("line", line);
    page.addAttribute("owner", owners.find(tenant, line.apiKeyId()).orElse(null));
    page.addAttribute("prices", prices.of(line));
    page.addAttribute(
        "policies",
        person.may(Permission.POLICIES_READ)
            ? policies.of(tenant, line.policyVersion())
            : PolicyNames.withoutNames(line.policyVersion()));
    page.addAttribute(
        "decisions",
        person.may(Permission.POLICIES_READ)
            ? decisions.ofRequest(person.admin(), line.requestId())
            : List.of());
    page.addAttribute("mayBill", person.may(Permission.BILLING_READ));
    page.addAttribute("mayAudit", person.may(Permission.AUDIT_READ));
    page.addAttribute(
        "record",
        person.may(Permission.AUDIT_READ)
            ? answers.find(tenant, line.requestId()).orElse(null)
            : null);
    page.addAttribute(
        "address", ServletUriComponentsBuilder.fromCurrentContextPath().build().toUriString());
    return "console/request";
  }

  /** What was asked and said, if it was kept. */
  @PostMapping("/console/requests/{id}/said")
  @Needs(Permission.AUDIT_READ)
  String said(@AuthenticationPrincipal Person person, @PathVariable String id, Model page) {
    LedgerLine line = find(person, id);
    UUID tenant = person.tenantId();
    Optional<AnswerContent> content =
        audited.inTrail(
            entry(person, "request.read", line), () -> answers.content(tenant, line.requestId()));
    Optional<AnswerRecord> record = answers.find(tenant, line.requestId());
    page.addAttribute("content", content.orElse(null));
    if (content.isPresent() && record.isPresent()) {
      page.addAttribute("prompt", replays.readablePrompt(record.get(), content.get()).orElse(null));
      page.addAttribute("vectors", record.get().service().equals("EMBEDDING"));
    }
    return PARTS + "said";
  }

  /** Computes the answer again and puts both side by side. */
  @PostMapping("/console/requests/{id}/replay")
  @Needs(Permission.AUDIT_READ)
  String replay(@AuthenticationPrincipal Person person, @PathVariable String id, Model page) {
    LedgerLine line = find(person, id);
    audited.runInTrail(entry(person, "request.replay", line).with("shown", true), () -> {});
    Replayed replayed =
        replays.replay(person.tenantId(), line.requestId()).orElseThrow(RequestPage::missing);
    page.addAttribute("side", SideBySide.of(replayed));
    return PARTS + "replayed";
  }

  private static AuditEntry entry(Person person, String action, LedgerLine line) {
    return AuditEntry.of(
        person.tenantId(), person.admin().actor(), action, "REQUEST", line.requestId());
  }

  /** Another tenant's request is as unknown as one that never was. */
  private LedgerLine find(Person person, String id) {
    UUID known = UsageFilter.id(id);
    if (known == null) {
      throw missing();
    }
    return lines.find(person.tenantId(), known).orElseThrow(RequestPage::missing);
  }

  private static ResponseStatusException missing() {
    return new ResponseStatusException(HttpStatus.NOT_FOUND);
  }
}
