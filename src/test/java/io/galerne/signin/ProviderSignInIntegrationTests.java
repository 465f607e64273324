package io.galerne.signin;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.util.Objects.requireNonNull;

import com.microsoft.playwright.Locator;
import io.galerne.browser.BrowserTest;
import io.galerne.demo.DemoTenant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.security.oauth2.server.authorization.autoconfigure.servlet.OAuth2AuthorizationServerAutoConfiguration;
import org.springframework.boot.security.oauth2.server.authorization.autoconfigure.servlet.OAuth2AuthorizationServerJwtAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Signing in with another provider: a real server of OpenID Connect, in a real browser. */
class ProviderSignInIntegrationTests extends BrowserTest {
  private static @Nullable ConfigurableApplicationContext provider;

  @DynamicPropertySource
  static void provider(DynamicPropertyRegistry properties) {
    properties.add("spring.security.oauth2.client.registration.company.client-id", () -> "galerne");
    properties.add("spring.security.oauth2.client.registration.company.client-secret", () -> "s");
    properties.add(
        "spring.security.oauth2.client.registration.company.client-name", () -> "Company");
    properties.add(
        "spring.security.oauth2.client.registration.company.scope", () -> "openid,email");
    properties.add(
        "spring.security.oauth2.client.registration.company.redirect-uri",
        () -> "{baseUrl}/sign-in/from/{registrationId}");
    properties.add(
        "spring.security.oauth2.client.provider.company.issuer-uri",
        ProviderSignInIntegrationTests::start);
  }

  private static String start() {
    ConfigurableApplicationContext running = provider;
    if (running == null) {
      SpringApplication application = new SpringApplication(Provider.class);
      application.setDefaultProperties(
          Map.of("server.port", "0", "spring.config.location", "optional:classpath:/none/"));
      running = application.run();
      provider = running;
    }
    WebServer server = ((WebServerApplicationContext) running).getWebServer();
    return "http://localhost:" + requireNonNull(server).getPort();
  }

  @AfterAll
  static void stop() {
    if (provider != null) {
      provider.close();
    }
    provider = null;
  }

  @ImportAutoConfiguration({
    TomcatServletWebServerAutoConfiguration.class,
    DispatcherServletAutoConfiguration.class,
    WebMvcAutoConfiguration.class,
    SecurityAutoConfiguration.class,
    ServletWebSecurityAutoConfiguration.class,
    SecurityFilterAutoConfiguration.class,
    OAuth2AuthorizationServerAutoConfiguration.class,
    OAuth2AuthorizationServerJwtAutoConfiguration.class
  })
  static class Provider {
    @Bean
    SecurityFilterChain security(HttpSecurity http) {
      return http.oauth2AuthorizationServer(server -> server.oidc(Customizer.withDefaults()))
          .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
          .formLogin(Customizer.withDefaults())
          .build();
    }

    @Bean
    RegisteredClientRepository clients() {
      return new InMemoryRegisteredClientRepository(
          RegisteredClient.withId(UUID.randomUUID().toString())
              .clientId("galerne")
              .clientSecret("{noop}s")
              .clientAuthenticationMethod(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
              .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
              .redirectUris(uris -> uris.add("http://127.0.0.1/sign-in/from/company"))
              .scope("openid")
              .scope("email")
              .build());
    }

    @Bean
    UserDetailsService users() {
      return new InMemoryUserDetailsManager(
          List.of(
              User.withUsername("owner").password("{noop}p").roles("U").build(),
              User.withUsername("unverified").password("{noop}p").roles("U").build(),
              User.withUsername("stranger").password("{noop}p").roles("U").build()));
    }

    @Bean
    OAuth2TokenCustomizer<JwtEncodingContext> addresses() {
      return token -> {
        String user = requireNonNull(token.<Authentication>getPrincipal()).getName();
        token
            .getClaims()
            .claim(
                "email", user.equals("stranger") ? "stranger@elsewhere.example" : DemoTenant.OWNER)
            .claim("email_verified", !user.equals("unverified"));
      };
    }
  }

  @ParameterizedTest
  @CsvSource({"owner, true", "unverified, false", "stranger, false"})
  void whoeverIsAMemberWithAVerifiedAddressIsIn(String user, boolean in) {
    page.navigate("http://127.0.0.1:" + port + "/sign-in"); // loopback addresses match at any port
    page.locator("a[href='/sign-in/with/company']").click();
    page.locator("[name=username]").fill(user);
    page.locator("[name=password]").fill("p");
    page.keyboard().press("Enter");
    if (in) {
      assertThat(page).not().hasURL(Pattern.compile(".*/sign-in.*"));
      Locator account = page.locator("[popovertarget=user-menu]");
      assertThat(account).isVisible();
    } else {
      assertThat(page).hasURL(Pattern.compile(".*/sign-in\\?problem=stranger"));
      assertThat(page.locator(".note")).isVisible();
    }
  }
}
