package io.galerne.chat;

import io.galerne.metering.PriceBook;
import io.galerne.signin.Person;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;

/** What all pages of the chat show of their tenant. */
@Component
class ChatPage {
  /** Markup from scripts comes through DOMPurify or not at all; nothing is fetched elsewhere. */
  static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self';"
          + " connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'; trusted-types dompurify";

  static final String HOME = "/chat";
  private static final String CONSOLE = "/console";

  private final ChatSettingsRows settings;
  private final Logos logos;
  private final ChatWords words;
  private final PriceBook prices;

  ChatPage(ChatSettingsRows settings, Logos logos, ChatWords words, PriceBook prices) {
    this.settings = settings;
    this.logos = logos;
    this.words = words;
    this.prices = prices;
  }

  /** The tenant's decisions, after they have been put on the page. */
  ChatSettings fill(Model page, Person person, Locale locale, HttpServletResponse response) {
    ChatSettings own = settings.of(person.tenantId());
    UUID tenant = person.tenantId();
    response.setHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY);
    page.addAttribute(
        "name", own.name().isEmpty() ? "Le Chat · " + person.organization() : own.name());
    page.addAttribute("home", own.slug() == null ? HOME : HOME + "/" + own.slug());
    page.addAttribute("logo", logo(tenant));
    page.addAttribute("brand", brand(own));
    page.addAttribute("texts", words.ofScripts(locale).entrySet());
    page.addAttribute("currency", prices.currency());
    page.addAttribute("consolePath", CONSOLE);
    return own;
  }

  private String logo(UUID tenant) {
    return logos
        .of(tenant)
        .map(
            logo ->
                "/chat/brand/logo?v="
                    + Integer.toHexString(java.util.Arrays.hashCode(logo.bytes())))
        .orElse("/shell/mark.svg");
  }

  private static @Nullable String brand(ChatSettings own) {
    String accent = own.accent();
    return accent == null ? null : "/chat/brand/accent?v=" + accent.substring(1);
  }
}
