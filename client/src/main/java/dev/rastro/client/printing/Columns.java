package dev.rastro.client.printing;

import java.util.ArrayList;
import java.util.List;

/**
 * Text in columns as wide as their widest entry, the last one ragged. Within a given width columns
 * first move closer, then those that may be cut are, the longest first; no other ever is, so that
 * every number is whole.
 */
final class Columns {
  /** No width to keep within. */
  static final int UNLIMITED = Integer.MAX_VALUE;

  private static final String GAP = "  ";
  private static final String NARROW_GAP = " ";
  private static final String CUT = "…";
  private static final int LEAST_AFTER_CUT = 8;

  private final String[] heads;
  private final boolean[] left;
  private final boolean[] mayBeCut;
  private final List<String[]> rows = new ArrayList<>();

  /**
   * @param heads a leading {@code <} aligns the column to the left, else it is to the right; a
   *     leading {@code ~} does so too, and it may be cut
   */
  Columns(String... heads) {
    this.heads = new String[heads.length];
    left = new boolean[heads.length];
    mayBeCut = new boolean[heads.length];
    for (int i = 0; i < heads.length; i++) {
      mayBeCut[i] = heads[i].startsWith("~");
      left[i] = heads[i].startsWith("<") || mayBeCut[i];
      this.heads[i] = left[i] ? heads[i].substring(1) : heads[i];
    }
  }

  Columns row(Object... cells) {
    String[] row = new String[heads.length];
    for (int i = 0; i < row.length; i++) {
      row[i] = Printable.line(String.valueOf(cells[i]));
    }
    rows.add(row);
    return this;
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  @Override
  public String toString() {
    return text(UNLIMITED);
  }

  /** As wide as this at most, if all that may be cut suffices for that. */
  String text(int width) {
    int[] widths = new int[heads.length];
    measure(widths, heads);
    rows.forEach(row -> measure(widths, row));
    String gap = total(widths, GAP) <= width ? GAP : NARROW_GAP;
    cut(widths, gap, width);
    StringBuilder text = new StringBuilder();
    append(text, widths, gap, heads);
    rows.forEach(row -> append(text, widths, gap, row));
    return text.toString();
  }

  private static void measure(int[] widths, String[] cells) {
    for (int i = 0; i < cells.length; i++) {
      widths[i] = Math.max(widths[i], cells[i].length());
    }
  }

  private static int total(int[] widths, String gap) {
    int sum = gap.length() * (widths.length - 1);
    for (int width : widths) {
      sum += width;
    }
    return sum;
  }

  private void cut(int[] widths, String gap, int limit) {
    for (int excess = total(widths, gap) - limit; excess > 0; excess--) {
      int longest = -1;
      for (int i = 0; i < widths.length; i++) {
        boolean can = mayBeCut[i] && widths[i] > LEAST_AFTER_CUT;
        if (can && (longest < 0 || widths[i] > widths[longest])) {
          longest = i;
        }
      }
      if (longest < 0) {
        return;
      }
      widths[longest]--;
    }
  }

  private void append(StringBuilder text, int[] widths, String gap, String[] cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.length; i++) {
      String cell =
          cells[i].length() <= widths[i]
              ? cells[i]
              : cells[i].substring(0, widths[i] - CUT.length()) + CUT;
      String padding = " ".repeat(widths[i] - cell.length());
      line.append(i == 0 ? "" : gap);
      line.append(left[i] ? cell + padding : padding + cell);
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }
}
