package dev.rastro.bench.tool;

import java.util.ArrayList;
import java.util.List;

/**
 * One answer.
 *
 * @param note what was done, and in which unit
 */
public record Table(String title, String note, List<String> columns, List<List<String>> rows) {

  public static Table of(String title, String note, String... columns) {
    return new Table(title, note, List.of(columns), new ArrayList<>());
  }

  public Table add(String... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(
          title + ": " + cells.length + " cells for " + columns.size() + " columns");
    }
    rows.add(List.of(cells));
    return this;
  }

  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("## ").append(title).append("\n\n").append(note).append("\n\n");
    line(text, columns);
    line(text, columns.stream().map(column -> "---").toList());
    rows.forEach(row -> line(text, row));
    return text.append('\n').toString();
  }

  private static void line(StringBuilder text, List<String> cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }
}
