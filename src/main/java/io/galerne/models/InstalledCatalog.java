package io.galerne.models;

import io.galerne.catalog.CatalogProperties;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.env.StandardEnvironment;

/** Reads the catalogue as the server would in this folder: files, environment, JVM properties. */
public final class InstalledCatalog {
  private InstalledCatalog() {}

  /** What the files, the environment and the properties say now. */
  public static CatalogProperties read() {
    silenceLogging();
    StandardEnvironment environment = new StandardEnvironment();
    ConfigDataEnvironmentPostProcessor.applyTo(environment);
    return Binder.get(environment).bindOrCreate("galerne.catalog", CatalogProperties.class);
  }

  /** The library logs what it reads; here the terminal belongs to the command. */
  private static void silenceLogging() {
    LoggingSystem.get(InstalledCatalog.class.getClassLoader()).beforeInitialize();
  }
}
