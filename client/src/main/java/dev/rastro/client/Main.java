package dev.rastro.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rastro.client.commands.Rastro;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;

/** {@code rastro}. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, defect) -> System.err.println("rastro: " + Rastro.internalError(defect)));
    // Names and paths are bytes that are UTF-8 nearly always; a locale without it would lose them.
    System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.out), false, UTF_8));
    int status = new Rastro(System.out, System.err).run(arguments);
    System.out.flush();
    System.err.flush();
    System.exit(status);
  }
}
