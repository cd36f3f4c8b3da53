package dev.rastro.client;

import dev.rastro.client.commands.Rastro;

/** {@code rastro}. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, defect) -> System.err.println("rastro: " + Rastro.internalError(defect)));
    int status = new Rastro(System.out, System.err).run(arguments);
    System.out.flush();
    System.err.flush();
    System.exit(status);
  }
}
