package io.galerne;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.planted.Planted;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.modulith.core.Violations;
import org.springframework.modulith.docs.Documenter;

/** The modules keep to the arrows that their package-info allows. */
class ModularityTests {
  private final ApplicationModules modules =
      ApplicationModules.of(GalerneApplication.class, OwnClasses.PROGRAM);

  @Test
  void modulesKeepToTheirArrows() {
    modules.verify();
    assertThat(modules.getModuleByName("database")).isPresent();
  }

  @Test
  void aForbiddenArrowIsFound() {
    assertThatThrownBy(
            () -> ApplicationModules.of(Planted.class.getPackageName(), OwnClasses.TESTS).verify())
        .isInstanceOf(Violations.class)
        .hasMessageContaining("harbour");
  }

  @Test
  void writesTheDiagrams() {
    new Documenter(modules).writeModulesAsPlantUml().writeIndividualModulesAsPlantUml();
  }
}
