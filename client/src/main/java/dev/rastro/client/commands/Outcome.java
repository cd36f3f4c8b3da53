package dev.rastro.client.commands;

import dev.rastro.client.failure.ExitStatus;
import dev.rastro.client.launch.OwnProcess;
import dev.rastro.client.launch.WaitStatus;

/**
 * How this process is to end.
 *
 * @param signal to die of; 0: exit with the status
 */
record Outcome(int exitStatus, int signal) {
  static final Outcome OK = new Outcome(ExitStatus.OK, 0);

  static Outcome exit(int status) {
    return new Outcome(status, 0);
  }

  static Outcome of(WaitStatus command) {
    return new Outcome(command.exitStatus(), command.signal());
  }

  static Outcome interrupted(int signal) {
    return new Outcome(ExitStatus.KILLED_BY + signal, signal);
  }

  /** To be called when all output is complete. Does not return when there is a signal to die of. */
  int finish() {
    if (signal != 0) {
      System.out.flush();
      System.err.flush();
      OwnProcess.dieOf(signal);
    }
    return exitStatus;
  }
}
