package io.galerne.chat;

import io.galerne.identity.MemberDetails;
import io.galerne.identity.MemberDirectory;
import io.galerne.identity.Page;
import io.galerne.identity.Permission;
import io.galerne.metering.PriceBook;
import io.galerne.signin.Person;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** Where a tenant's administrators decide about its chat. */
@Controller
@RequestMapping(ChatSettingsController.PATH)
class ChatSettingsController {
  static final String PATH = "/console/chat-settings";
  private static final String VIEW = "chat/settings";
  private static final String BACK = "redirect:" + PATH + "?saved";

  private final ChatSettingsRows settings;
  private final Logos logos;
  private final ChatModels models;
  private final MemberDirectory members;
  private final PriceBook prices;
  private final ChatWords words;

  ChatSettingsController(
      ChatSettingsRows settings,
      Logos logos,
      ChatModels models,
      MemberDirectory members,
      PriceBook prices,
      ChatWords words) {
    this.settings = settings;
    this.logos = logos;
    this.models = models;
    this.members = members;
    this.prices = prices;
    this.words = words;
  }

  @GetMapping
  String show(
      @RequestParam(required = false) @Nullable String saved,
      @AuthenticationPrincipal Person person,
      Locale locale,
      Model page) {
    requireMay(person);
    fill(page, person, SettingsForm.of(settings.of(person.tenantId())), locale);
    page.addAttribute("saved", saved != null);
    return VIEW;
  }

  @PostMapping
  String save(
      @ModelAttribute SettingsForm form,
      @AuthenticationPrincipal Person person,
      Locale locale,
      Model page,
      HttpServletResponse response) {
    requireMay(person);
    try {
      ChatSettings wanted = form.toSettings();
      requireModels(wanted);
      settings.save(person.tenantId(), person.admin().actor(), wanted);
      return BACK;
    } catch (ChatRefusedException e) {
      return again(page, person, form, e, locale, response);
    }
  }

  /** Caps of one member; all of them empty are those that everybody has. */
  @PostMapping("/members")
  String saveMember(
      @RequestParam String email,
      @ModelAttribute SettingsForm form,
      @AuthenticationPrincipal Person person,
      Locale locale,
      Model page,
      HttpServletResponse response) {
    requireMay(person);
    try {
      Caps caps = form.toCaps();
      settings.setOwn(
          person.tenantId(),
          person.admin().actor(),
          member(person, email),
          caps.equals(Caps.NONE) ? null : caps);
      return BACK;
    } catch (ChatRefusedException e) {
      page.addAttribute("memberEmail", email);
      page.addAttribute("memberForm", form);
      page.addAttribute("memberProblem", words.problem(locale, e));
      fill(page, person, SettingsForm.of(settings.of(person.tenantId())), locale);
      response.setStatus(e.status().value());
      return VIEW;
    }
  }

  private UUID member(Person person, String email) {
    String address = email.strip().toLowerCase(Locale.ROOT);
    return members.list(person.admin(), new Page.Wanted(1, 100), address).items().stream()
        .filter(member -> member.email().equals(address))
        .map(MemberDetails::id)
        .findFirst()
        .orElseThrow(() -> ChatRefusedException.invalid("email", "member"));
  }

  /** Takes the file as the request's body. */
  @PostMapping("/logo")
  ResponseEntity<Map<String, String>> saveLogo(
      HttpServletRequest request, @AuthenticationPrincipal Person person, Locale locale)
      throws IOException {
    requireMay(person);
    try {
      byte[] file = request.getInputStream().readNBytes(Logo.BYTES_MAX + 1);
      Logo logo = file.length == 0 ? null : Logo.of(file);
      ChatSettings present = settings.of(person.tenantId());
      settings.save(person.tenantId(), person.admin().actor(), present); // the row to put it in
      logos.save(person.tenantId(), person.admin().actor(), logo);
      return ResponseEntity.ok(Map.of());
    } catch (ChatRefusedException e) {
      return ResponseEntity.status(e.status())
          .body(Map.of("code", e.code(), "message", words.problem(locale, e)));
    }
  }

  private String again(
      Model page,
      Person person,
      SettingsForm form,
      ChatRefusedException e,
      Locale locale,
      HttpServletResponse response) {
    fill(page, person, form, locale);
    page.addAttribute("problem", words.problem(locale, e));
    page.addAttribute("problemField", e.field());
    response.setStatus(e.status().value());
    return VIEW;
  }

  private void fill(Model page, Person person, SettingsForm form, Locale locale) {
    UUID tenant = person.tenantId();
    page.addAttribute("form", form);
    page.addAttribute("organization", person.organization());
    page.addAttribute("models", models.all());
    page.addAttribute("currency", prices.currency());
    page.addAttribute("hasLogo", logos.of(tenant).isPresent());
    page.addAttribute("members", settings.ownCaps(tenant));
    String accent = form.accent();
    if (accent != null
        && accent.matches("#[0-9a-f]{6}")
        && !Accent.of(accent).isUnchanged(accent)) {
      page.addAttribute(
          "accentNote",
          words.text(locale, "chat.settings.accent.changed", Accent.of(accent).light()));
    }
  }

  private void requireModels(ChatSettings wanted) {
    List<String> known = models.all().stream().map(ChatModels.Choice::id).toList();
    if (!known.containsAll(wanted.models())) {
      throw ChatRefusedException.invalid("models", "model");
    }
  }

  private static void requireMay(Person person) {
    if (!person.may(Permission.ORGANIZATION_WRITE)) {
      throw new ResponseStatusException(HttpStatus.FORBIDDEN);
    }
  }
}
