package io.galerne.identity;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import org.springframework.boot.security.autoconfigure.web.servlet.PathRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;

/**
 * Who may call what: {@code /v1/admin} with an admin key, the rest of {@code /v1} with an API key,
 * a few pages without, and nothing else.
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self';"
          + " frame-ancestors 'none'";

  /** Taking up an invitation needs its token and no key: who is invited has none yet. */
  private static final String INVITATION_ACCEPTED = "/v1/admin/users-invite/accept";

  /** A method that nothing answers is a 405 that names the others, not a bad request. */
  @Bean
  HttpFirewall firewall() {
    StrictHttpFirewall firewall = new StrictHttpFirewall();
    firewall.setUnsafeAllowAnyHttpMethod(true);
    return firewall;
  }

  @Bean
  ClientAddress clientAddress(IdentityProperties properties) {
    return new ClientAddress(properties.trustedProxies());
  }

  @Bean
  @Order(0)
  SecurityFilterChain adminSecurity(
      HttpSecurity http, AdminKeyCheck keys, ClientAddress addresses, GatewayResponses responses) {
    return byKey(
        http.securityMatcher("/v1/admin", "/v1/admin/**"),
        new AdminKeyFilter(keys, addresses, responses),
        responses,
        INVITATION_ACCEPTED);
  }

  @Bean
  @Order(1)
  SecurityFilterChain apiSecurity(
      HttpSecurity http, ApiKeyService keys, ClientAddress addresses, GatewayResponses responses) {
    return byKey(
        http.securityMatcher("/v1/**"), new ApiKeyFilter(keys, addresses, responses), responses);
  }

  private static SecurityFilterChain byKey(
      HttpSecurity http, Filter keyFilter, GatewayResponses responses, String... open) {
    return http.csrf(AbstractHttpConfigurer::disable) // no cookie authenticates here
        .requestCache(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .sessionManagement(
            session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .exceptionHandling(
            errors ->
                errors
                    .authenticationEntryPoint(
                        (request, response, _) -> responses.unauthorized(request, response))
                    .accessDeniedHandler(
                        (request, response, _) -> responses.forbidden(request, response)))
        .addFilterBefore(keyFilter, AuthorizationFilter.class)
        .authorizeHttpRequests(
            requests ->
                requests
                    // the end of a stream that was authorised when it began
                    .dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR)
                    .permitAll()
                    .requestMatchers(HttpMethod.POST, open)
                    .permitAll()
                    .anyRequest()
                    .authenticated())
        .build();
  }

  @Bean
  @Order(2)
  SecurityFilterChain pageSecurity(HttpSecurity http) {
    return http.requestCache(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .sessionManagement(
            session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .headers(
            headers ->
                headers
                    .contentSecurityPolicy(
                        policy -> policy.policyDirectives(CONTENT_SECURITY_POLICY))
                    .referrerPolicy(policy -> policy.policy(ReferrerPolicy.NO_REFERRER)))
        .authorizeHttpRequests(
            requests ->
                requests
                    .dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR)
                    .permitAll()
                    .requestMatchers("/", "/error", "/actuator/health/**")
                    .permitAll()
                    .requestMatchers(PathRequest.toStaticResources().atCommonLocations())
                    .permitAll()
                    .anyRequest()
                    .denyAll())
        .build();
  }
}
