package io.galerne.models;

import picocli.CommandLine.IVersionProvider;

/** The version that the jar's manifest states. */
final class ModelsVersion implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = ModelsVersion.class.getPackage().getImplementationVersion();
    return new String[] {"galerne " + (version == null ? "from source" : version)};
  }
}
