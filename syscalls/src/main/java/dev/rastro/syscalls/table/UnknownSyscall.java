package dev.rastro.syscalls.table;

import java.util.List;

/** A filter names a syscall or class that there is not, or has a regex that does not parse. */
public final class UnknownSyscall extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final String selector;
  private final List<String> suggestions;

  private UnknownSyscall(String selector, String problem, List<String> suggestions) {
    super(selector + ": " + problem);
    this.selector = selector;
    this.suggestions = suggestions;
  }

  static UnknownSyscall name(String selector, String where, List<String> suggestions) {
    return new UnknownSyscall(
        selector, "no such syscall" + where + question(suggestions), suggestions);
  }

  static UnknownSyscall className(String selector, List<String> suggestions) {
    return new UnknownSyscall(selector, "no such class" + question(suggestions), suggestions);
  }

  static UnknownSyscall regex(String selector, String problem) {
    return new UnknownSyscall(selector, problem, List.of());
  }

  /** The entry of the list that is at fault, as the user wrote it. */
  public String selector() {
    return selector;
  }

  /** Nearest first; may be empty. */
  public List<String> suggestions() {
    return suggestions;
  }

  private static String question(List<String> suggestions) {
    return suggestions.isEmpty() ? "" : "; did you mean " + String.join(" or ", suggestions) + "?";
  }
}
