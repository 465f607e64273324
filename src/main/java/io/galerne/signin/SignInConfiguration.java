package io.galerne.signin;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.support.GenericConversionService;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.session.config.SessionRepositoryCustomizer;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;

@Configuration(proxyBeanMethods = false)
class SignInConfiguration {
  private static final int BCRYPT_STRENGTH = 11;

  @Bean
  PasswordEncoder passwordEncoder() {
    return new DelegatingPasswordEncoder(
        "bcrypt", Map.of("bcrypt", new BCryptPasswordEncoder(BCRYPT_STRENGTH)));
  }

  /** In a cookie, so that a page without a session needs none. */
  @Bean
  CsrfTokenRepository csrfTokens() {
    CookieCsrfTokenRepository tokens = new CookieCsrfTokenRepository();
    tokens.setCookieName("galerne-csrf");
    tokens.setHeaderName("X-CSRF-TOKEN");
    tokens.setCookiePath("/");
    tokens.setCookieCustomizer(cookie -> cookie.httpOnly(true).sameSite("Lax"));
    return tokens;
  }

  @Bean
  SessionRepositoryCustomizer<JdbcIndexedSessionRepository> sessionTimes(
      SignInProperties properties) {
    return sessions -> sessions.setDefaultMaxInactiveInterval(properties.idleTimeout());
  }

  /** Sessions hold texts only; nothing else is ever read back from the database as an object. */
  @Bean
  ConversionService springSessionConversionService() {
    GenericConversionService texts = new GenericConversionService();
    texts.addConverter(
        Object.class,
        byte[].class,
        value -> {
          if (value instanceof String text) {
            return text.getBytes(StandardCharsets.UTF_8);
          }
          throw new IllegalArgumentException("sessions hold texts, not " + value.getClass());
        });
    texts.addConverter(
        byte[].class, Object.class, bytes -> new String(bytes, StandardCharsets.UTF_8));
    return texts;
  }
}
