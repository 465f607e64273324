package io.galerne;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** Starts Galerne: one process that serves the API, the console and the engine. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class GalerneApplication {
  public static void main(String[] args) {
    SpringApplication.run(GalerneApplication.class, args);
  }
}
