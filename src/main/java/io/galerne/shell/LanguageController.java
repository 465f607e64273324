package io.galerne.shell;

import io.galerne.signin.LocalPath;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.LocaleResolver;

/** Switches between the languages and leads back to the page. */
@Controller
class LanguageController {
  private final LocaleResolver locales;

  LanguageController(LocaleResolver locales) {
    this.locales = locales;
  }

  @PostMapping("/language")
  String choose(
      @RequestParam(defaultValue = "") String language,
      @RequestParam(required = false) @Nullable String back,
      HttpServletRequest request,
      HttpServletResponse response) {
    Languages.OFFERED.stream()
        .filter(offered -> offered.getLanguage().equals(language))
        .findFirst()
        .ifPresent(chosen -> locales.setLocale(request, response, chosen));
    return "redirect:" + LocalPath.orStart(back);
  }
}
