// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.top;

import dev.rastro.client.screen.Key;
import dev.rastro.client.screen.Line;
import dev.rastro.v1.SummaryFrame;
import java.util.List;

/** The table, how it is looked at, and its picture. One thread. */
public final class Top {
  private final TopTable table;
  private final TopView view;
  private final TopPage page;
  private List<TopEntry> entries = List.of();

  /**
   * @param title whom it is about
   */
  public Top(TopTable table, TopView view, String title) {
    this.table = table;
    this.view = view;
    this.page = new TopPage(table, view, title);
  }

  /**
   * @return whether there is a new picture
   */
  public boolean apply(SummaryFrame frame) {
    boolean whole = table.apply(frame);
    if (whole) {
      ask();
    }
    return whole;
  }

  /**
   * @param rows of the screen
   */
  public TopView.Wish press(Key key, int rows) {
    TopView.Wish wish = view.press(key, entries, Math.max(1, rows - TopPage.OTHER_LINES));
    ask();
    return wish;
  }

  public boolean isPaused() {
    return view.isPaused();
  }

  /** The picture for a screen. */
  public List<Line> lines(int rows, int columns) {
    return view.mode() == TopView.Mode.HELP ? TopPage.help() : page.lines(entries, rows, columns);
  }

  /**
   * The picture for who has no screen.
   *
   * @param most lines of the table
   */
  public List<Line> plain(int most, int columns) {
    return page.plain(entries, most, columns);
  }

  private void ask() {
    entries = TopEntry.of(table, view.question());
  }
}
