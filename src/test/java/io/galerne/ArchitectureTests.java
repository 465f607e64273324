package io.galerne;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import io.galerne.planted.Planted;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.springframework.beans.factory.annotation.Autowired;

/** Rules of the code, each shown to find a planted class that breaks it. */
class ArchitectureTests {
  private static final Map<String, ArchRule> RULES =
      Map.of(
          "the engine knows no Spring",
          noClasses()
              .that()
              .resideInAPackage("..engine..")
              .and()
              .doNotHaveSimpleName("package-info") // carries Modulith's annotation
              .should()
              .dependOnClassesThat()
              .resideInAPackage("org.springframework.."),
          "the Vector API stays in engine.kernel",
          noClasses()
              .that()
              .resideOutsideOfPackage("..engine.kernel..")
              .should()
              .dependOnClassesThat()
              .resideInAPackage("jdk.incubator.."),
          "no field injection",
          noFields().should().beAnnotatedWith(Autowired.class),
          "no packages in a circle",
          slices().matching("io.galerne.(**)").should().beFreeOfCycles(),
          "no java.util.logging",
          noClasses().should().dependOnClassesThat().resideInAPackage("java.util.logging.."),
          "only launch writes to the terminal",
          noClasses()
              .that()
              .resideOutsideOfPackage("io.galerne.launch")
              .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS));

  @TestFactory
  Stream<DynamicTest> theCodeKeepsTheRules() {
    JavaClasses own =
        new ClassFileImporter().withImportOption(OwnClasses.PROGRAM).importPackages("io.galerne");
    return RULES.entrySet().stream()
        .map(rule -> DynamicTest.dynamicTest(rule.getKey(), () -> rule.getValue().check(own)));
  }

  @TestFactory
  Stream<DynamicTest> theRulesFindThePlanted() {
    JavaClasses planted = new ClassFileImporter().importPackagesOf(Planted.class);
    return RULES.entrySet().stream()
        .map(
            rule ->
                DynamicTest.dynamicTest(
                    rule.getKey(),
                    () ->
                        assertThat(rule.getValue().evaluate(planted).hasViolation())
                            .as(rule.getKey())
                            .isTrue()));
  }
}
