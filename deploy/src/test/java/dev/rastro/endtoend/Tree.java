package dev.rastro.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where things are in the source tree, and the examples, compiled. */
final class Tree {
  static final Path ROOT = Path.of(System.getProperty("rastro.root")).toAbsolutePath();
  static final Path IMAGE = ROOT.resolve("deploy/target/image");
  static final Path EXAMPLES = ROOT.resolve("examples");
  private static final Path COMPILED = ROOT.resolve("deploy/target/examples");

  private Tree() {}

  static String rastro() {
    return IMAGE.resolve("bin/rastro").toString();
  }

  static String rastrod() {
    return IMAGE.resolve("bin/rastrod").toString();
  }

  /** Debian's Python, whatever else is on the path: the one that has python3-grpcio. */
  static String python() {
    return "/usr/bin/python3";
  }

  static String example(String name) {
    return EXAMPLES.resolve(name).toString();
  }

  /** The path of examples/{@code name}.c, compiled. */
  static synchronized String compiled(String name) {
    Path program = COMPILED.resolve(name);
    try {
      Files.createDirectories(COMPILED);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Run.of("gcc", "-Wall", "-O2", "-o", program.toString(), example(name + ".c")).succeeded();
    return program.toString();
  }
}
