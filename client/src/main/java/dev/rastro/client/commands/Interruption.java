package dev.rastro.client.commands;

import dev.rastro.client.failure.ExitStatus;
import dev.rastro.client.launch.Child;
import dev.rastro.client.launch.OwnProcess;
import java.util.Optional;

/**
 * What SIGINT, SIGTERM and SIGHUP do. While a command of ours runs, ^C is the command's own affair
 * (the terminal sends it there too), and the others are passed on to it. Otherwise the first one
 * ends the trace in good order, and a second one ends us at once.
 */
final class Interruption {
  private static final int SIGINT = 2;

  private Optional<Child> child = Optional.empty();
  private Runnable stop = () -> {};
  private int signal;

  static Interruption install() {
    Interruption interruption = new Interruption();
    OwnProcess.onTermination(interruption::arrived);
    return interruption;
  }

  private void arrived(int number) {
    Runnable action;
    synchronized (this) {
      if (child.isPresent()) {
        if (number != SIGINT) {
          child.get().send(number);
        }
        return;
      }
      if (signal != 0) {
        Runtime.getRuntime().halt(ExitStatus.KILLED_BY + number);
      }
      signal = number;
      action = stop;
    }
    action.run();
  }

  /** What ends the trace; runs at once when a signal has come already. On any thread. */
  void onStop(Runnable stop) {
    boolean late;
    synchronized (this) {
      this.stop = stop;
      late = signal != 0;
    }
    if (late) {
      stop.run();
    }
  }

  /**
   * Starts passing signals on.
   *
   * @return false when one has come already, and the command should not be started
   */
  synchronized boolean mayStart() {
    return signal == 0;
  }

  synchronized void passTo(Child child) {
    this.child = Optional.of(child);
    OwnProcess.ignoreQuit();
  }

  /** The command has ended: signals are for us again. */
  synchronized void childEnded() {
    child = Optional.empty();
  }

  /** The signal that ended the trace; 0 when none did. */
  synchronized int signal() {
    return signal;
  }
}
