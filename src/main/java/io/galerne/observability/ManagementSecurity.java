package io.galerne.observability;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;

/**
 * Management's own port, if {@code management.server.port} names one, is open: whom the network
 * lets reach it may read the metrics. On the port of the API they stay closed.
 */
@Configuration(proxyBeanMethods = false)
class ManagementSecurity {
  /** Where the ports in use are told; the second is absent until management has one of its own. */
  private static final String API_PORT = "local.server.port";

  private static final String MANAGEMENT_PORT = "local.management.port";

  @Bean
  @Order(-1) // before every chain that goes by the path
  SecurityFilterChain managementSecurityChain(HttpSecurity http, Environment environment) {
    return http.securityMatcher(request -> isForManagement(request, environment))
        .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
        .csrf(AbstractHttpConfigurer::disable) // no cookie authenticates here
        .requestCache(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .sessionManagement(
            session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .build();
  }

  /** By the socket's port, which a client can't choose as it can the Host header. */
  private static boolean isForManagement(HttpServletRequest request, Environment environment) {
    Integer management = environment.getProperty(MANAGEMENT_PORT, Integer.class);
    return management != null
        && !management.equals(environment.getProperty(API_PORT, Integer.class))
        && request.getLocalPort() == management;
  }
}
