package dev.rastro.manual;

import java.util.List;
import java.util.stream.Stream;

/**
 * A command as all its pages show it.
 *
 * @param name as it is typed: {@code rastro trace}
 * @param purpose one sentence
 * @param synopsis one line for each way to call it
 * @param description paragraphs
 * @param subcommands empty for one that has none
 * @param takesCommand its arguments are another command and that one's arguments
 * @param examples command lines
 */
record Manual(
    String name,
    String purpose,
    List<String> synopsis,
    List<String> description,
    List<Group> groups,
    List<Manual> subcommands,
    boolean takesCommand,
    List<String> examples) {

  /** Options that belong together. */
  record Group(String title, List<Entry> entries) {}

  /**
   * An option, or an argument when it has no names.
   *
   * @param names with their dashes
   */
  record Entry(List<String> names, Value value, String description) {}

  /** The last word of its name. */
  String word() {
    return name.substring(name.lastIndexOf(' ') + 1);
  }

  /** Its page in section 1 or 8 goes by this name. */
  String page() {
    return name.replace(' ', '-');
  }

  List<Entry> options() {
    return entries().filter(entry -> !entry.names().isEmpty()).toList();
  }

  /** What is neither an option nor another command. */
  Value argument() {
    return entries()
        .filter(entry -> entry.names().isEmpty())
        .map(Entry::value)
        .findFirst()
        .orElse(Value.NONE);
  }

  private Stream<Entry> entries() {
    return groups.stream().flatMap(group -> group.entries().stream());
  }
}
