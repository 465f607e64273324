package io.galerne.console;

import io.galerne.audit.AuditEntry;
import io.galerne.audit.AuditSettings;
import io.galerne.audit.AuditedWork;
import io.galerne.identity.Permission;
import io.galerne.signin.Person;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What a tenant keeps of what is said, and how long: the form on the page of the trail. */
@Controller
class ContentSettings {
  private final AuditSettings settings;
  private final AuditedWork audited;

  ContentSettings(AuditSettings settings, AuditedWork audited) {
    this.settings = settings;
    this.audited = audited;
  }

  @PostMapping("/console/audit/settings")
  @Needs(Permission.ORGANIZATION_WRITE)
  String set(
      @AuthenticationPrincipal Person person,
      @RequestParam(defaultValue = "false") boolean keep,
      @RequestParam(defaultValue = "") String days) {
    int wanted = days.matches("\\d{1,6}") ? Integer.parseInt(days) : 0;
    if (wanted < AuditSettings.RETENTION_DAYS_MIN || wanted > AuditSettings.RETENTION_DAYS_MAX) {
      return "redirect:/console/audit?said=wrong-days#kept";
    }
    AuditSettings.Setting setting = new AuditSettings.Setting(wanted, keep);
    audited.runInTrail(
        AuditEntry.of(
                person.tenantId(),
                person.admin().actor(),
                "audit.settings.update",
                "ORGANIZATION",
                person.tenantId())
            .with("retention_days", wanted)
            .with("keep_content", keep),
        () -> settings.set(person.tenantId(), setting));
    return "redirect:/console/audit?said=kept#kept";
  }
}
