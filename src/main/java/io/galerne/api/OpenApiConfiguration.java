package io.galerne.api;

import io.galerne.batch.BatchProperties;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.util.List;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** The document of {@code /v1}, made from the controllers and from what the readers enforce. */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {
  private static final String KEY = "ApiKey";

  @Bean
  OpenAPI apiDocument(ObjectProvider<BuildProperties> build) {
    BuildProperties known = build.getIfAvailable();
    return new OpenAPI()
        .info(
            new Info()
                .title("Galerne")
                .version(known == null ? "development" : known.getVersion())
                .description(
                    "A self-hosted platform for language models with the API of la Plateforme."
                        + " Every answer names its request in x-request-id.")
                .license(new License().name("Apache-2.0").identifier("Apache-2.0")))
        .servers(List.of(new Server().url("/").description("This server")))
        .components(
            new Components()
                .addSecuritySchemes(
                    KEY,
                    new SecurityScheme()
                        .type(SecurityScheme.Type.HTTP)
                        .scheme("bearer")
                        .description("An API key: gal_live_...")))
        .addSecurityItem(new SecurityRequirement().addList(KEY));
  }

  @Bean
  ModelConverter recordComponents() {
    return new RecordComponents();
  }

  @Bean
  DocumentedBody chatRequestBody(ApiProperties properties) {
    return ChatRequestShape.of(properties.strict());
  }

  @Bean
  DocumentedBody fimRequestBody(ApiProperties properties) {
    return FimRequestShape.of(properties.strict());
  }

  @Bean
  DocumentedBody embeddingsRequestBody(ApiProperties properties) {
    return EmbeddingsRequestShape.of(properties.strict());
  }

  @Bean
  DocumentedBody moderationRequestBody(ApiProperties properties) {
    return ModerationRequestShape.ofTexts(properties.strict());
  }

  @Bean
  DocumentedBody chatModerationRequestBody(ApiProperties properties) {
    return ModerationRequestShape.ofConversations(properties.strict());
  }

  @Bean
  DocumentedBody batchJobBody(ApiProperties properties, BatchProperties limits) {
    return BatchJobShape.of(properties.strict(), limits.inlineMax());
  }

  @Bean
  @Order(Ordered.LOWEST_PRECEDENCE)
  OpenApiCustomizer sharedParts(List<DocumentedBody> bodies) {
    return new SharedResponses(bodies);
  }
}
