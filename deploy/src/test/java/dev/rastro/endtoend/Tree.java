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
  static final Path PROGRAMS = ROOT.resolve("deploy/src/test/programs");
  private static final Path COMPILED = ROOT.resolve("deploy/target/examples");
  private static final Path COMPILED_PROGRAMS = ROOT.resolve("deploy/target/programs");

  private Tree() {}

  static String rastro() {
    return IMAGE.resolve("bin/rastro").toString();
  }

  static String rastrod() {
    return IMAGE.resolve("bin/rastrod").toString();
  }

  /**
   * A copy of the image that every user can run: the tree may be in a folder that is closed to
   * them.
   *
   * @param folder an own one, which is opened to them
   * @return the copy's rastro
   */
  static String rastroForEverybody(Path folder) {
    Run.of(
            "sh",
            "-c",
            "chmod 755 \"$1\" && cp -r \"$2\" \"$1\"/image",
            "sh",
            folder.toString(),
            IMAGE.toString())
        .succeeded();
    return folder.resolve("image/bin/rastro").toString();
  }

  /** Debian's Python, whatever else is on the path: the one that has python3-grpcio. */
  static String python() {
    return "/usr/bin/python3";
  }

  static String example(String name) {
    return EXAMPLES.resolve(name).toString();
  }

  /** The path of examples/{@code name}.c, compiled. */
  static String compiled(String name) {
    return compiled(name, EXAMPLES, COMPILED);
  }

  /** The path of deploy/src/test/programs/{@code name}.c, compiled. */
  static String program(String name) {
    return compiled(name, PROGRAMS, COMPILED_PROGRAMS);
  }

  /** The path of deploy/src/test/programs/{@code name}. */
  static String source(String name) {
    return PROGRAMS.resolve(name).toString();
  }

  private static synchronized String compiled(String name, Path sources, Path folder) {
    Path program = folder.resolve(name);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String source = sources.resolve(name + ".c").toString();
    Run.of("gcc", "-Wall", "-O2", "-o", program.toString(), source).succeeded();
    return program.toString();
  }
}
