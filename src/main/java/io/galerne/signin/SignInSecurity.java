package io.galerne.signin;

import io.galerne.identity.People;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.context.NullSecurityContextRepository;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.header.writers.CrossOriginResourcePolicyHeaderWriter.CrossOriginResourcePolicy;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.util.matcher.RegexRequestMatcher;

/** Who may see which page, and what a page may do in a browser. */
@Configuration(proxyBeanMethods = false)
class SignInSecurity {
  /**
   * Scripts, styles and connections of our own, nothing inline, nothing evaluated. Markup reaches
   * the page through the policies of {@code shell/trusted.js} and of DOMPurify only.
   */
  static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'; trusted-types default galerne dompurify";

  private static final String FILES =
      "/(?:shell|chat|console|operator)/[\\w./-]+\\.(?:js|css|svg|png|woff2)";

  private static final String PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=()";

  /** Styles and scripts say nothing about anybody. */
  @Bean
  @Order(0)
  SecurityFilterChain pageFiles(HttpSecurity http) throws Exception {
    return http.securityMatcher(RegexRequestMatcher.regexMatcher(HttpMethod.GET, FILES))
        .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
        .sessionManagement(
            session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .requestCache(AbstractHttpConfigurer::disable)
        .csrf(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .headers(headers -> headers.cacheControl(cache -> cache.disable()))
        .build();
  }

  @Bean
  @Order(1)
  SecurityFilterChain pages(
      HttpSecurity http,
      Sessions sessions,
      Credentials credentials,
      People people,
      CsrfTokenRepository csrfTokens,
      ProviderSignIn providers)
      throws Exception {
    providers.configure(http);
    return http.securityMatcher(
            "/",
            "/account/**",
            "/chat/**",
            "/console/**",
            "/invitation/**",
            "/language",
            "/operator/**",
            "/sign-in/**",
            "/sign-out")
        // Spring Security's own would take each request for a sign-in and give the session, and the
        // token against forged requests, another value: see Sessions for when that happens
        .sessionManagement(AbstractHttpConfigurer::disable)
        .securityContext(
            context -> context.securityContextRepository(new NullSecurityContextRepository()))
        .requestCache(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .csrf(csrf -> csrf.csrfTokenRepository(csrfTokens))
        .addFilterBefore(
            new SessionFilter(sessions, credentials, people), AnonymousAuthenticationFilter.class)
        .exceptionHandling(
            errors ->
                errors.authenticationEntryPoint((request, response, _) -> ask(request, response)))
        .headers(
            headers ->
                headers
                    .contentSecurityPolicy(
                        policy -> policy.policyDirectives(CONTENT_SECURITY_POLICY))
                    .referrerPolicy(policy -> policy.policy(ReferrerPolicy.NO_REFERRER))
                    .permissionsPolicyHeader(policy -> policy.policy(PERMISSIONS))
                    .crossOriginOpenerPolicy(
                        policy -> policy.policy(CrossOriginOpenerPolicy.SAME_ORIGIN))
                    .crossOriginResourcePolicy(
                        policy -> policy.policy(CrossOriginResourcePolicy.SAME_ORIGIN)))
        .authorizeHttpRequests(
            requests ->
                requests
                    .dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR)
                    .permitAll()
                    .requestMatchers("/", "/sign-in/**", "/invitation/**", "/language")
                    .permitAll()
                    .anyRequest()
                    .authenticated())
        .build();
  }

  /** A page leads to the sign-in and back; a script is told so. */
  private static void ask(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String query = request.getQueryString();
    String path = request.getRequestURI() + (query == null ? "" : "?" + query);
    boolean byScript = request.getHeader("HX-Request") != null;
    String wanted = request.getMethod().equals("GET") && !byScript ? path : "/";
    String signIn = "/sign-in?next=" + URLEncoder.encode(wanted, StandardCharsets.UTF_8);
    String accept = request.getHeader(HttpHeaders.ACCEPT);
    if (byScript) {
      response.setHeader("HX-Redirect", signIn);
      response.setStatus(HttpStatus.UNAUTHORIZED.value());
    } else if (accept != null && accept.contains(MediaType.TEXT_HTML_VALUE)) {
      response.sendRedirect(signIn);
    } else {
      response.setStatus(HttpStatus.UNAUTHORIZED.value());
    }
  }
}
