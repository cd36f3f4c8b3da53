package dev.rastro.daemon.drain;

import dev.rastro.daemon.aggregate.Query;
import dev.rastro.daemon.aggregate.Roll;
import dev.rastro.daemon.aggregate.Snapshot;
import dev.rastro.daemon.aggregate.Window;
import java.util.concurrent.CompletableFuture;

/** What other threads ask of the drain. Each carries the future that the drain answers through. */
sealed interface Command {
  /** Completed once the command was carried out, exceptionally if it could not be. */
  CompletableFuture<?> answer();

  record Open(
      Drain drain, Wish wish, Subscriber subscriber, CompletableFuture<Drain.Session> answer)
      implements Command {}

  record Close(Drain.Session session, CompletableFuture<Books> answer) implements Command {}

  record Rechoose(Drain.Session session, Choice choice, CompletableFuture<Void> answer)
      implements Command {}

  record SessionSummary(
      Drain.Session session, Query query, Window window, CompletableFuture<Snapshot> answer)
      implements Command {}

  record Summary(Query query, Window window, CompletableFuture<Snapshot> answer)
      implements Command {}

  record Keep(CompletableFuture<String> answer) implements Command {}

  record CallRoll(long recentNanos, CompletableFuture<Roll> answer) implements Command {}

  record Status(CompletableFuture<DrainStatus> answer) implements Command {}

  record Stop(CompletableFuture<Void> answer) implements Command {}
}
