package dev.rastro.syscalls.table;

/**
 * One line of a data file, with its origin for error messages.
 *
 * @param number counts from 1
 */
record DataLine(String file, int number, String text) {

  DataSyntaxException error(String problem) {
    return new DataSyntaxException(this, problem);
  }

  /** The words between blanks; none for an empty line. */
  String[] words() {
    String stripped = text.strip();
    return stripped.isEmpty() ? new String[0] : stripped.split(" +", -1);
  }

  int parseInt(String word) {
    try {
      return Integer.parseInt(word);
    } catch (NumberFormatException e) {
      throw error("not a number: \"" + word + '"');
    }
  }
}
