package io.galerne;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import java.net.URI;
import java.net.URISyntaxException;

/** Tells the program's classes from the tests' by where they lie, however a build names folders. */
enum OwnClasses implements ImportOption {
  PROGRAM {
    @Override
    public boolean includes(Location location) {
      return !isTest(location);
    }
  },
  TESTS {
    @Override
    public boolean includes(Location location) {
      return isTest(location);
    }
  };

  private static boolean isTest(Location location) {
    try {
      URI tests = OwnClasses.class.getProtectionDomain().getCodeSource().getLocation().toURI();
      return location.asURI().getSchemeSpecificPart().startsWith(tests.getSchemeSpecificPart());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
