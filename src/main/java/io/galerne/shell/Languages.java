package io.galerne.shell;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.LocaleResolver;
import org.springframework.web.servlet.i18n.CookieLocaleResolver;

/** The languages of the pages: the one that was chosen, else what the browser asks for. */
@Configuration(proxyBeanMethods = false)
class Languages {
  static final List<Locale> OFFERED = List.of(Locale.ENGLISH, Locale.FRENCH);
  private static final Duration REMEMBERED = Duration.ofDays(365);

  @Bean
  LocaleResolver localeResolver() {
    CookieLocaleResolver resolver = new CookieLocaleResolver("galerne-language");
    resolver.setCookieMaxAge(REMEMBERED);
    resolver.setCookieSameSite("Lax");
    resolver.setDefaultLocaleFunction(Languages::asked);
    return resolver;
  }

  private static Locale asked(HttpServletRequest request) {
    for (Locale wanted : Collections.list(request.getLocales())) {
      for (Locale offered : OFFERED) {
        if (wanted.getLanguage().equals(offered.getLanguage())) {
          return offered;
        }
      }
    }
    return Locale.ENGLISH;
  }
}
