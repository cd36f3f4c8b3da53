package dev.rastro.client.printing;

import java.util.ArrayList;
import java.util.List;

/** Text in columns as wide as their widest entry, the last one ragged. */
final class Columns {
  private static final String GAP = "  ";

  private final String[] heads;
  private final boolean[] left;
  private final List<String[]> rows = new ArrayList<>();

  /**
   * @param heads a leading {@code <} aligns the column to the left, else it is to the right
   */
  Columns(String... heads) {
    this.heads = new String[heads.length];
    left = new boolean[heads.length];
    for (int i = 0; i < heads.length; i++) {
      left[i] = heads[i].startsWith("<");
      this.heads[i] = left[i] ? heads[i].substring(1) : heads[i];
    }
  }

  Columns row(Object... cells) {
    String[] row = new String[heads.length];
    for (int i = 0; i < row.length; i++) {
      row[i] = String.valueOf(cells[i]);
    }
    rows.add(row);
    return this;
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  @Override
  public String toString() {
    int[] widths = new int[heads.length];
    measure(widths, heads);
    rows.forEach(row -> measure(widths, row));
    StringBuilder text = new StringBuilder();
    append(text, widths, heads);
    rows.forEach(row -> append(text, widths, row));
    return text.toString();
  }

  private static void measure(int[] widths, String[] cells) {
    for (int i = 0; i < cells.length; i++) {
      widths[i] = Math.max(widths[i], cells[i].length());
    }
  }

  private void append(StringBuilder text, int[] widths, String[] cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.length; i++) {
      String padding = " ".repeat(widths[i] - cells[i].length());
      line.append(i == 0 ? "" : GAP);
      line.append(left[i] ? cells[i] + padding : padding + cells[i]);
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }
}
