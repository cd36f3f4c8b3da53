package dev.rastro.client.commands;

import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.launch.Child;
import dev.rastro.client.launch.Command;
import dev.rastro.client.launch.WaitStatus;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The user's command while it runs: a thread waits for it, and signals reach it. */
final class RunningCommand {
  private final int pid;
  private final CompletableFuture<WaitStatus> ended;

  private RunningCommand(int pid, CompletableFuture<WaitStatus> ended) {
    this.pid = pid;
    this.ended = ended;
  }

  /**
   * @throws ClientFailure when the kernel refuses to execute it
   */
  static RunningCommand start(Command command, Interruption interruption) {
    Child child = command.start();
    interruption.passTo(child);
    CompletableFuture<WaitStatus> ended = new CompletableFuture<>();
    Thread waiter =
        new Thread(
            () -> {
              try {
                WaitStatus status = child.await();
                interruption.childEnded();
                ended.complete(status);
              } catch (RuntimeException failed) {
                interruption.childEnded();
                ended.completeExceptionally(failed);
              }
            },
            "command");
    waiter.setDaemon(true);
    waiter.start();
    return new RunningCommand(child.pid(), ended);
  }

  int pid() {
    return pid;
  }

  boolean hasEnded() {
    return ended.isDone();
  }

  /** Runs it once the command has ended; it must not block. */
  void onEnd(Runnable action) {
    var unused = ended.whenComplete((status, failed) -> action.run());
  }

  /** Blocks until it has ended. */
  WaitStatus await() {
    try {
      return ended.join();
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof ClientFailure known
          ? known
          : new IllegalStateException(failed.getCause());
    }
  }
}
