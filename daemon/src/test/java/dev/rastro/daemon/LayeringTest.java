package dev.rastro.daemon;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Dependencies run one way: main → rpc → session → drain → aggregate → kernel. */
@AnalyzeClasses(packages = "dev.rastro", importOptions = ImportOption.DoNotIncludeTests.class)
class LayeringTest {

  @ArchTest
  static final ArchRule ROOMS_SEE_ONLY_THOSE_BELOW =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("dev.rastro.daemon..")
          .layer("main")
          .definedBy("dev.rastro.daemon")
          .layer("config")
          .definedBy("dev.rastro.daemon.config..")
          .layer("logging")
          .definedBy("dev.rastro.daemon.logging..")
          .layer("rpc")
          .definedBy("dev.rastro.daemon.rpc..")
          .layer("access")
          .definedBy("dev.rastro.daemon.access..")
          .layer("host")
          .definedBy("dev.rastro.daemon.host..")
          .layer("inflight")
          .definedBy("dev.rastro.daemon.inflight..")
          .layer("detail")
          .definedBy("dev.rastro.daemon.detail..")
          .layer("session")
          .definedBy("dev.rastro.daemon.session..")
          .layer("drain")
          .definedBy("dev.rastro.daemon.drain..")
          .layer("aggregate")
          .definedBy("dev.rastro.daemon.aggregate..")
          .layer("kernel")
          .definedBy("dev.rastro.daemon.kernel..")
          .whereLayer("main")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("config")
          .mayOnlyBeAccessedByLayers("main")
          .whereLayer("logging")
          .mayOnlyBeAccessedByLayers("main")
          .whereLayer("rpc")
          .mayOnlyBeAccessedByLayers("main")
          .whereLayer("access")
          .mayOnlyBeAccessedByLayers("main", "config", "rpc", "session")
          .whereLayer("host")
          .mayOnlyBeAccessedByLayers("main", "rpc", "inflight")
          .whereLayer("inflight")
          .mayOnlyBeAccessedByLayers("rpc")
          .whereLayer("session")
          .mayOnlyBeAccessedByLayers("main", "rpc")
          .whereLayer("detail")
          .mayOnlyBeAccessedByLayers("main", "config", "rpc", "session")
          .whereLayer("drain")
          .mayOnlyBeAccessedByLayers("main", "rpc", "session")
          .whereLayer("aggregate")
          .mayOnlyBeAccessedByLayers("main", "rpc", "session", "drain");

  @ArchTest
  static final ArchRule ONLY_KERNEL_SEES_JNA =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.rastro.daemon.kernel..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.sun.jna..");

  @ArchTest
  static final ArchRule ONLY_LOGGING_SEES_LOGBACK =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.rastro.daemon.logging..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ch.qos.logback..");

  @ArchTest
  static final ArchRule ONLY_RPC_SEES_GRPC =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.rastro.daemon.rpc..", "dev.rastro.v1..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.grpc..", "io.netty..", "dev.rastro.v1..", "com.google.protobuf..");

  @ArchTest
  static final ArchRule SYSCALLS_STAND_ALONE =
      noClasses()
          .that()
          .resideInAPackage("dev.rastro.syscalls..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.rastro.daemon..", "dev.rastro.v1..", "io.grpc..", "com.sun.jna..");
}
