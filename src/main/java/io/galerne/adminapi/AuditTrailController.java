package io.galerne.adminapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.galerne.api.ApiException;
import io.galerne.api.ErrorEnvelope;
import io.galerne.audit.AnswerContent;
import io.galerne.audit.AnswerRecord;
import io.galerne.audit.AnswerRecords;
import io.galerne.audit.AuditEntry;
import io.galerne.audit.AuditSettings;
import io.galerne.audit.AuditTrails;
import io.galerne.audit.AuditedWork;
import io.galerne.audit.Trail;
import io.galerne.audit.Verdict;
import io.galerne.identity.AdminCaller.TenantAdmin;
import io.galerne.identity.KeyOwners;
import io.galerne.identity.KeyOwners.KeyOwner;
import io.galerne.identity.Permission;
import io.galerne.metering.LedgerLine;
import io.galerne.metering.LedgerLines;
import io.galerne.metering.PriceBook;
import io.galerne.moderation.DecisionDesk;
import io.galerne.moderation.PolicyNames;
import io.galerne.replay.ReplayDesk;
import io.galerne.replay.ReplayVerdict;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/admin/audit}: the trail as a whole, and all there is of one request. */
@RestController
class AuditTrailController {
  private final AuditTrails trails;
  private final AuditSettings settings;
  private final AnswerRecords answers;
  private final AuditedWork audited;
  private final LedgerLines lines;
  private final KeyOwners owners;
  private final PriceBook prices;
  private final AdminRequests requests;
  private final ReplayDesk replays;
  private final PolicyNames policies;
  private final DecisionDesk decisions;

  AuditTrailController(
      AuditTrails trails,
      AuditSettings settings,
      AnswerRecords answers,
      AuditedWork audited,
      LedgerLines lines,
      KeyOwners owners,
      PriceBook prices,
      AdminRequests requests,
      ReplayDesk replays,
      PolicyNames policies,
      DecisionDesk decisions) {
    this.trails = trails;
    this.settings = settings;
    this.answers = answers;
    this.audited = audited;
    this.lines = lines;
    this.owners = owners;
    this.prices = prices;
    this.requests = requests;
    this.replays = replays;
    this.policies = policies;
    this.decisions = decisions;
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Checked(
      boolean intact,
      @Nullable Long rows,
      @JsonProperty("last_seq") @Nullable Long lastSeq,
      @JsonProperty("public_key") @Nullable String publicKey,
      @Nullable String where,
      @Nullable String reason) {
    static Checked of(Verdict verdict) {
      return switch (verdict) {
        case Verdict.Intact(long rows, long lastSeq, String publicKey) ->
            new Checked(true, rows, lastSeq, publicKey, null, null);
        case Verdict.Broken(String where, String reason) ->
            new Checked(false, null, null, null, where, reason);
      };
    }
  }

  @GetMapping("/v1/admin/audit/verify")
  @Requires(Permission.AUDIT_READ)
  Checked verify(HttpServletRequest request, @AuthenticationPrincipal TenantAdmin caller) {
    return Checked.of(trails.verify(caller.tenantId(), trail(request)));
  }

  /** A file for {@code galerne audit verify}. Taking it away is a sensitive read. */
  @GetMapping("/v1/admin/audit/export")
  @Requires(Permission.AUDIT_READ)
  void export(
      HttpServletRequest request,
      HttpServletResponse response,
      @AuthenticationPrincipal TenantAdmin caller)
      throws IOException {
    Trail trail = trail(request);
    audited.runInTrail(read(caller, "audit.export").with("trail", name(trail)), () -> {});
    response.setContentType("application/jsonl");
    response.setHeader("Content-Disposition", "attachment; filename=\"" + name(trail) + ".jsonl\"");
    trails.export(caller.tenantId(), trail, response.getOutputStream());
  }

  private static Trail trail(HttpServletRequest request) {
    Query query = Query.of(request);
    String text = query.text("trail");
    query.check();
    return switch (text) {
      case null -> Trail.EVENTS;
      case "events" -> Trail.EVENTS;
      case "answers" -> Trail.ANSWERS;
      default -> throw Days.wrong("query", "trail", "Input should be 'events' or 'answers'", text);
    };
  }

  private static String name(Trail trail) {
    return trail.name().toLowerCase(Locale.ROOT);
  }

  private static AuditEntry read(TenantAdmin caller, String action) {
    return AuditEntry.of(
        caller.tenantId(), caller.actor(), action, "ORGANIZATION", caller.tenantId());
  }

  record Setting(
      @JsonProperty("retention_days") int retentionDays,
      @JsonProperty("keep_content") boolean keepContent) {
    static Setting of(AuditSettings.Setting setting) {
      return new Setting(setting.retentionDays(), setting.keepContent());
    }
  }

  @GetMapping("/v1/admin/audit/settings")
  @Requires(Permission.AUDIT_READ)
  Setting settings(@AuthenticationPrincipal TenantAdmin caller) {
    return Setting.of(settings.of(caller.tenantId()));
  }

  @PatchMapping("/v1/admin/audit/settings")
  @Requires(Permission.ORGANIZATION_WRITE)
  Setting set(HttpServletRequest request, @AuthenticationPrincipal TenantAdmin caller) {
    AuditSettings.Setting now = settings.of(caller.tenantId());
    AuditSettings.Setting wanted =
        requests.object(
            request,
            Set.of("retention_days", "keep_content"),
            fields -> {
              Long days =
                  fields.integer(
                      "retention_days",
                      AuditSettings.RETENTION_DAYS_MIN,
                      AuditSettings.RETENTION_DAYS_MAX);
              boolean keep =
                  fields.has("keep_content") ? fields.flag("keep_content") : now.keepContent();
              return new AuditSettings.Setting(
                  days == null ? now.retentionDays() : days.intValue(), keep);
            });
    audited.runInTrail(
        read(caller, "audit.settings.update")
            .with("retention_days", wanted.retentionDays())
            .with("keep_content", wanted.keepContent()),
        () -> settings.set(caller.tenantId(), wanted));
    return Setting.of(wanted);
  }

  record Shredded(boolean shredded) {}

  /** Makes all kept prompts and answers unreadable for good; the records of them stay. */
  @PostMapping("/v1/admin/audit/shred")
  @Requires(Permission.ORGANIZATION_WRITE)
  Shredded shred(@AuthenticationPrincipal TenantAdmin caller) {
    audited.runInTrail(read(caller, "audit.content.shred"), () -> answers.shred(caller.tenantId()));
    return new Shredded(true);
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Everything(
      LedgerEntry ledger,
      @Nullable KeyOwner key,
      @Nullable PriceEntry price,
      List<PolicyNames.Named> policies,
      @Nullable List<Map<String, @Nullable Object>> decisions,
      @Nullable AnswerRecord answer,
      @Nullable AnswerContent content) {}

  /**
   * All there is of one request: its line, whose key it came with, its price, the policies it came
   * under and what they decided, its record, and what was said if kept.
   */
  @GetMapping("/v1/admin/audit/requests/{request_id}")
  @Requires(Permission.AUDIT_READ)
  Everything request(
      @PathVariable("request_id") String text, @AuthenticationPrincipal TenantAdmin caller) {
    UUID id = Query.id("request_id", text);
    LedgerLine line =
        lines.find(caller.tenantId(), id).orElseThrow(AuditTrailController::noRequest);
    AuditEntry entry =
        AuditEntry.of(caller.tenantId(), caller.actor(), "request.read", "REQUEST", id);
    return audited.inTrail(
        entry,
        () ->
            new Everything(
                LedgerEntry.of(line),
                owners.find(caller.tenantId(), line.apiKeyId()).orElse(null),
                prices
                    .version(line.pricedAs(), line.priceVersion())
                    .map(PriceEntry::of)
                    .orElse(null),
                policies.of(caller.tenantId(), line.policyVersion()),
                caller.may(Permission.POLICIES_READ) ? decisions.ofRequest(caller, id) : null,
                answers.find(caller.tenantId(), id).orElse(null),
                answers.content(caller.tenantId(), id).orElse(null)));
  }

  /** What became of computing an answer again; what does not apply is left out. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Replayed(
      @JsonProperty("request_id") UUID requestId,
      String verdict,
      @Nullable List<String> digests,
      @Nullable Integer cut,
      @Nullable String where,
      @Nullable Integer at,
      @Nullable String reason) {
    static Replayed of(UUID id, ReplayVerdict verdict) {
      return switch (verdict) {
        case ReplayVerdict.Equal(List<String> digests, int cut) ->
            new Replayed(id, "equal", digests, cut, null, null, null);
        case ReplayVerdict.Differs(String where, int at, String reason) ->
            new Replayed(id, "differs", null, null, where, at < 0 ? null : at, reason);
        case ReplayVerdict.NotReplayable(_, String reason) ->
            new Replayed(id, "not_replayable", null, null, null, null, reason);
      };
    }
  }

  /** Computes a recorded answer again with the weights that are loaded, and compares. */
  @PostMapping("/v1/admin/audit/requests/{request_id}/replay")
  @Requires(Permission.AUDIT_READ)
  Replayed replay(
      @PathVariable("request_id") String text, @AuthenticationPrincipal TenantAdmin caller) {
    UUID id = Query.id("request_id", text);
    ReplayVerdict verdict =
        replays
            .replay(caller.tenantId(), id)
            .orElseThrow(AuditTrailController::noRequest)
            .verdict();
    audited.runInTrail(
        AuditEntry.of(caller.tenantId(), caller.actor(), "request.replay", "REQUEST", id),
        () -> {});
    return Replayed.of(id, verdict);
  }

  private static ApiException noRequest() {
    return new ApiException(
        HttpStatus.NOT_FOUND, new ErrorEnvelope("There is no such request", "not_found"));
  }
}
