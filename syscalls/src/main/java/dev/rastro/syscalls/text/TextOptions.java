package dev.rastro.syscalls.text;

/**
 * @param stringLimit bytes of each string or buffer and elements of each array that are written
 * @param verbose write every field and every element
 * @param resultColumn where {@code =} begins, if the call leaves room
 */
public record TextOptions(int stringLimit, boolean verbose, int resultColumn, TextStyle style) {
  public static final TextOptions DEFAULT = new TextOptions(32, false, 40);

  public TextOptions {
    if (stringLimit < 0 || resultColumn < 0) {
      throw new IllegalArgumentException(
          "string limit " + stringLimit + " or result column " + resultColumn + " is negative");
    }
  }

  public TextOptions(int stringLimit, boolean verbose, int resultColumn) {
    this(stringLimit, verbose, resultColumn, TextStyle.DEFAULT);
  }
}
