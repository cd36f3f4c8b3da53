package dev.rastro.client;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * commands → {connection, launch, top, printing, screen} → {sums, failure}; each outside world has
 * one door.
 */
@AnalyzeClasses(
    packages = "dev.rastro.client",
    importOptions = ImportOption.DoNotIncludeTests.class)
final class LayeringTest {

  @ArchTest
  static final ArchRule onlyLaunchSeesJna =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.rastro.client.launch")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.sun.jna..", "sun.misc..");

  @ArchTest
  static final ArchRule onlyConnectionSeesTheNetwork =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.rastro.client.connection")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.grpc..", "io.netty..");

  @ArchTest
  static final ArchRule onlyScreenSeesTheTerminal =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.rastro.client.screen")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.jline..");

  @ArchTest
  static final ArchRule onlyCommandsParseOptions =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.rastro.client.commands")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("picocli..");

  @ArchTest
  static final ArchRule printingKnowsNeitherCommandsNorConnection =
      noClasses()
          .that()
          .resideInAnyPackage("dev.rastro.client.printing", "dev.rastro.client.top")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.rastro.client.commands",
              "dev.rastro.client.connection",
              "dev.rastro.client.launch");

  @ArchTest
  static final ArchRule clientKnowsNeitherDaemonNorBpf =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.rastro.daemon..", "dev.rastro.bpf..");

  @ArchTest
  static final ArchRule noCycles =
      slices().matching("dev.rastro.client.(*)..").should().beFreeOfCycles();
}
