// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.top;

import java.util.Locale;
import java.util.Optional;

/**
 * What is to be seen. Immutable.
 *
 * @param recent the last interval, else all since counting began
 * @param filter only lines with this in them, in lower case; empty for all
 * @param process only this one's calls
 * @param syscall only this one
 */
public record TopQuestion(
    By by,
    Sort sort,
    boolean reversed,
    boolean recent,
    String filter,
    Optional<Integer> process,
    Optional<String> syscall) {

  /** What a line stands for. */
  public enum By {
    PROCESS,
    SYSCALL,
    BOTH;

    By next() {
      return switch (this) {
        case PROCESS -> SYSCALL;
        case SYSCALL -> BOTH;
        case BOTH -> PROCESS;
      };
    }
  }

  /** What comes first. */
  public enum Sort {
    CALLS,
    ERRORS,
    TIME,
    P99,
    NAME;

    Sort next() {
      return switch (this) {
        case CALLS -> ERRORS;
        case ERRORS -> TIME;
        case TIME -> P99;
        case P99 -> NAME;
        case NAME -> CALLS;
      };
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public static TopQuestion first(By by, Sort sort) {
    return new TopQuestion(by, sort, false, true, "", Optional.empty(), Optional.empty());
  }

  boolean asksFor(TopTable.Row row) {
    return process.map(pid -> pid == row.pid()).orElse(true)
        && syscall.map(row.syscall()::equals).orElse(true);
  }

  TopQuestion with(By other) {
    return new TopQuestion(other, sort, reversed, recent, filter, process, syscall);
  }

  TopQuestion with(Sort other) {
    return new TopQuestion(by, other, false, recent, filter, process, syscall);
  }

  TopQuestion turned() {
    return new TopQuestion(by, sort, !reversed, recent, filter, process, syscall);
  }

  TopQuestion withRecent(boolean other) {
    return new TopQuestion(by, sort, reversed, other, filter, process, syscall);
  }

  TopQuestion withFilter(String text) {
    return new TopQuestion(
        by, sort, reversed, recent, text.toLowerCase(Locale.ROOT), process, syscall);
  }

  /** The calls of one process. */
  TopQuestion ofProcess(int pid) {
    return new TopQuestion(
        By.SYSCALL, sort, reversed, recent, "", Optional.of(pid), Optional.empty());
  }

  /** The processes that make one call. */
  TopQuestion ofSyscall(String name) {
    return new TopQuestion(
        By.PROCESS, sort, reversed, recent, "", Optional.empty(), Optional.of(name));
  }
}
