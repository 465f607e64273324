package io.galerne.api;

import io.galerne.catalog.Catalogs;
import io.galerne.catalog.ModelCatalog;
import io.galerne.embedding.EmbeddingPool;
import io.galerne.embedding.ScriptedEmbedding;
import io.galerne.identity.Caller;
import io.galerne.limits.AdmissionControl;
import io.galerne.serving.CompletionService;
import io.galerne.serving.EmbeddingProperties;
import io.galerne.serving.EmbeddingService;
import io.galerne.serving.EngineRegistry;
import io.galerne.serving.RecordingLedger;
import io.galerne.serving.ScriptedEngine;
import io.galerne.serving.ServingBounds;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.DispatcherType;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.Import;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;

/**
 * The API and serving in a real web server, with a scripted engine, a ledger in memory and one
 * caller whose every request is authentic. It is no configuration by annotation, so that nothing
 * but the tests that name it finds it.
 */
@ImportAutoConfiguration({
  TomcatServletWebServerAutoConfiguration.class,
  DispatcherServletAutoConfiguration.class,
  WebMvcAutoConfiguration.class,
  ErrorMvcAutoConfiguration.class,
  HttpMessageConvertersAutoConfiguration.class,
  JacksonAutoConfiguration.class,
  SecurityAutoConfiguration.class,
  ServletWebSecurityAutoConfiguration.class,
  SecurityFilterAutoConfiguration.class
})
@EnableConfigurationProperties(ApiProperties.class)
@ComponentScan(
    basePackages = "io.galerne.identity",
    useDefaultFilters = false,
    includeFilters = @ComponentScan.Filter(type = FilterType.REGEX, pattern = ".*RequestIdFilter"))
@Import({
  ApiErrors.class,
  ChatCompletionsController.class,
  ChatRequestReader.class,
  CompletionAnswers.class,
  ContainerRefusals.class,
  EmbeddingsController.class,
  EmbeddingsRequestReader.class,
  ErrorDispatches.class,
  FimController.class,
  FimRequestReader.class,
  ModelsController.class,
  OtherRoutesController.class,
  RequestBodies.class
})
class ApiTestApplication {
  static final int EMBEDDING_REQUESTS_MAX = 2;
  static final int EMBEDDING_TOKENS_MAX = 4096;
  static final Caller CALLER = new Caller(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID());

  @Bean
  ScriptedEngine engine() {
    return new ScriptedEngine();
  }

  @Bean
  RecordingLedger ledger() {
    return new RecordingLedger();
  }

  @Bean
  ModelCatalog catalog(ScriptedEngine engine) {
    return Catalogs.of(engine.profile());
  }

  @Bean
  CompletionService completions(
      ModelCatalog catalog, ScriptedEngine engine, RecordingLedger ledger) {
    return new CompletionService(
        catalog,
        new EngineRegistry(Map.of("w", engine)),
        ledger,
        AdmissionControl.OPEN,
        new SimpleMeterRegistry(),
        ServingBounds.of(Duration.ofMinutes(1), Duration.ofMillis(100)));
  }

  @Bean
  ScriptedEmbedding embedding() {
    return new ScriptedEmbedding();
  }

  @Bean
  EmbeddingPool embeddingPool(ScriptedEmbedding embedding) {
    return new EmbeddingPool(() -> embedding, 1, EMBEDDING_REQUESTS_MAX);
  }

  @Bean
  EmbeddingService embeddings(ModelCatalog catalog, EmbeddingPool pool, RecordingLedger ledger) {
    return new EmbeddingService(
        catalog,
        pool,
        ledger,
        AdmissionControl.OPEN,
        new SimpleMeterRegistry(),
        new EmbeddingProperties(1, EMBEDDING_REQUESTS_MAX, EMBEDDING_TOKENS_MAX),
        ServingBounds.of(Duration.ofMinutes(1), Duration.ofMillis(100)));
  }

  @Bean
  SecurityFilterChain everybodyIsTheCaller(HttpSecurity http) {
    return http.csrf(AbstractHttpConfigurer::disable)
        .addFilterBefore(
            (request, response, chain) -> {
              SecurityContextHolder.getContext()
                  .setAuthentication(new TestingAuthenticationToken(CALLER, null, "caller"));
              chain.doFilter(request, response);
            },
            AuthorizationFilter.class)
        .authorizeHttpRequests(
            requests ->
                requests
                    .dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR)
                    .permitAll()
                    .anyRequest()
                    .authenticated())
        .build();
  }
}
