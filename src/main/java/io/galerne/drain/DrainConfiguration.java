package io.galerne.drain;

import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DrainProperties.class)
class DrainConfiguration {
  /** Takes the place of Spring Boot's, by its name. */
  @Bean
  ReadinessFollowers readinessStateHealthIndicator(ApplicationAvailability availability) {
    return new ReadinessFollowers(availability);
  }

  @Bean
  DrainNotice drainNotice(DrainProperties properties, ReadinessFollowers followers) {
    return new DrainNotice(properties.notice(), followers);
  }

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> drainedConnectors(DrainNotice notice) {
    return factory -> factory.addConnectorCustomizers(notice::covers);
  }
}
