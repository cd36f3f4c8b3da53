// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.top;

import dev.rastro.client.screen.Key;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Where somebody stands who looks at the table, and what keys do. One thread. */
public final class TopView {

  /** What the keys are for now. */
  enum Mode {
    TABLE,
    /** A filter is being typed. */
    FILTER,
    HELP
  }

  /** What whoever runs the view has to do. */
  public sealed interface Wish {
    /** Nothing but to draw. */
    record Draw() implements Wish {}

    record Quit() implements Wish {}

    /** Show the calls of a process as they happen. */
    record Trace(int pid) implements Wish {}
  }

  private static final Wish DRAW = new Wish.Draw();

  private final Deque<TopQuestion> before = new ArrayDeque<>();
  private TopQuestion question;
  private Mode mode = Mode.TABLE;
  private String typed = "";
  private boolean paused;
  private Optional<TopEntry.Label> chosen = Optional.empty();
  private int index;

  public TopView(TopQuestion question) {
    this.question = question;
  }

  TopQuestion question() {
    return question;
  }

  Mode mode() {
    return mode;
  }

  /** What has been typed of a filter. */
  String typed() {
    return typed;
  }

  /** Whether the picture is to stay as it is. */
  public boolean isPaused() {
    return paused;
  }

  /**
   * Where the chosen line is now: it moves with what it stands for; where that is gone, the line
   * that is there now is chosen.
   */
  int chosenIndex(List<TopEntry> entries) {
    if (entries.isEmpty()) {
      return 0;
    }
    for (int i = 0; i < entries.size() && chosen.isPresent(); i++) {
      if (entries.get(i).label().equals(chosen.get())) {
        index = i;
        return i;
      }
    }
    index = Math.min(index, entries.size() - 1);
    return index;
  }

  /**
   * @param entries those that are shown
   * @param page how many of them fit the screen
   */
  Wish press(Key key, List<TopEntry> entries, int page) {
    return switch (mode) {
      case HELP -> {
        mode = Mode.TABLE;
        yield DRAW;
      }
      case FILTER -> type(key);
      case TABLE ->
          key.name() == Key.Name.CHARACTER
              ? letter(key.character(), entries)
              : move(key.name(), entries, page);
    };
  }

  private Wish type(Key key) {
    switch (key.name()) {
      case CHARACTER -> typed += key.character();
      case BACK -> typed = typed.isEmpty() ? "" : typed.substring(0, typed.length() - 1);
      case ESCAPE -> {
        typed = "";
        mode = Mode.TABLE;
      }
      case ENTER -> mode = Mode.TABLE;
      default -> {
        return DRAW;
      }
    }
    question = question.withFilter(typed);
    return DRAW;
  }

  private Wish letter(String letter, List<TopEntry> entries) {
    switch (letter) {
      case "q" -> {
        return new Wish.Quit();
      }
      case "?", "h" -> mode = Mode.HELP;
      case "/" -> {
        mode = Mode.FILTER;
        typed = question.filter();
      }
      case "b" -> question = question.with(question.by().next());
      case "s" -> question = question.with(question.sort().next());
      case "r" -> question = question.turned();
      case "a" -> question = question.withRecent(!question.recent());
      case " " -> paused = !paused;
      case "t" -> {
        return trace(entries);
      }
      default -> {
        return DRAW;
      }
    }
    return DRAW;
  }

  private Wish move(Key.Name name, List<TopEntry> entries, int page) {
    int at = chosenIndex(entries);
    switch (name) {
      case UP -> choose(entries, at - 1);
      case DOWN -> choose(entries, at + 1);
      case PAGE_UP -> choose(entries, at - page);
      case PAGE_DOWN -> choose(entries, at + page);
      case HOME -> choose(entries, 0);
      case END -> choose(entries, entries.size() - 1);
      case ENTER -> {
        return enter(entries);
      }
      case BACK, ESCAPE -> leave();
      case CHARACTER, OTHER -> {
        return DRAW;
      }
    }
    return DRAW;
  }

  private void choose(List<TopEntry> entries, int wanted) {
    if (!entries.isEmpty()) {
      index = Math.max(0, Math.min(wanted, entries.size() - 1));
      chosen = Optional.of(entries.get(index).label());
    }
  }

  /** Into what the chosen line stands for: a process's calls, a call's processes, its trace. */
  private Wish enter(List<TopEntry> entries) {
    if (entries.isEmpty()) {
      return DRAW;
    }
    TopEntry entry = entries.get(chosenIndex(entries));
    if (question.process().isPresent() || question.by() == TopQuestion.By.BOTH) {
      return trace(entries);
    }
    before.push(question);
    question =
        question.by() == TopQuestion.By.PROCESS
            ? question.ofProcess(entry.pid())
            : question.ofSyscall(entry.syscall());
    chosen = Optional.empty();
    index = 0;
    return DRAW;
  }

  private Wish trace(List<TopEntry> entries) {
    Optional<Integer> chosenPid =
        entries.isEmpty()
            ? Optional.empty()
            : Optional.of(entries.get(chosenIndex(entries)).pid()).filter(pid -> pid != 0);
    return question.process().or(() -> chosenPid).<Wish>map(Wish.Trace::new).orElse(DRAW);
  }

  private void leave() {
    if (!question.filter().isEmpty()) {
      question = question.withFilter("");
    } else if (!before.isEmpty()) {
      question = before.pop();
      chosen = Optional.empty();
    }
  }
}
