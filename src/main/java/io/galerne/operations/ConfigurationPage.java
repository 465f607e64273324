package io.galerne.operations;

import io.galerne.audit.AuditEntry;
import io.galerne.audit.AuditedWork;
import io.galerne.audit.PlatformTrail;
import io.galerne.identity.AdminCaller.PlatformOperator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * {@code /operator/configuration}: what is set, to what, and by which file, variable or argument.
 */
@Controller
class ConfigurationPage {
  private static final int SEARCH_CHARS_MAX = 100;

  private final ConfigurationInForce configuration;
  private final AuditedWork audited;

  ConfigurationPage(ConfigurationInForce configuration, AuditedWork audited) {
    this.configuration = configuration;
    this.audited = audited;
  }

  @GetMapping("/operator/configuration")
  String page(
      PlatformOperator operator,
      @RequestParam(defaultValue = "") String q,
      @RequestParam(defaultValue = "") String show,
      Model model) {
    String search = Typed.text(q, SEARCH_CHARS_MAX).toLowerCase(Locale.ROOT);
    boolean onlySet = !show.equals("all");
    List<ConfigurationInForce.Setting> settings =
        audited.inTrail(
            AuditEntry.of(
                PlatformTrail.ID,
                operator.actor(),
                "configuration.read",
                "PLATFORM",
                PlatformTrail.ID),
            configuration::settings);
    List<ConfigurationInForce.Setting> wanted =
        settings.stream()
            .filter(one -> !onlySet || one.isSet())
            .filter(
                one ->
                    search.isEmpty()
                        || one.name().toLowerCase(Locale.ROOT).contains(search)
                        || one.origin().toLowerCase(Locale.ROOT).contains(search))
            .toList();
    model.addAttribute("groups", groups(wanted));
    model.addAttribute("found", wanted.size());
    model.addAttribute("open", !search.isEmpty());
    model.addAttribute("sources", configuration.sources());
    model.addAttribute("total", settings.size());
    model.addAttribute("q", search);
    model.addAttribute("all", !onlySet);
    return "operator/configuration";
  }

  /** Galerne's own by their second name, such as {@code galerne.limits}; others by their first. */
  private static Map<String, List<ConfigurationInForce.Setting>> groups(
      List<ConfigurationInForce.Setting> settings) {
    Map<String, List<ConfigurationInForce.Setting>> groups = new LinkedHashMap<>();
    for (ConfigurationInForce.Setting setting : settings) {
      String[] parts = setting.name().split("[.\\[_]", 3);
      String group =
          parts[0].equals("galerne") && parts.length > 2 ? parts[0] + "." + parts[1] : parts[0];
      groups.computeIfAbsent(group, _ -> new ArrayList<>()).add(setting);
    }
    return groups;
  }
}
