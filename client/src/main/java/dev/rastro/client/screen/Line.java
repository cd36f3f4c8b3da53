// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.screen;

import dev.rastro.client.printing.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** One line of a screen, in pieces that look alike. Immutable. */
public record Line(List<Piece> pieces) {
  public static final Line EMPTY = new Line(List.of());

  /** A part of a line. */
  public record Piece(String text, Style style) {
    public Piece {
      text = Printable.line(text);
    }
  }

  public Line {
    pieces = List.copyOf(pieces);
  }

  public static Line of(String text) {
    return of(text, Style.PLAIN);
  }

  public static Line of(String text, Style style) {
    return new Line(List.of(new Piece(text, style)));
  }

  public Line with(String text, Style style) {
    List<Piece> more = new ArrayList<>(pieces);
    more.add(new Piece(text, style));
    return new Line(more);
  }

  /** All of it in this style, as long as the width: a bar from side to side. */
  public Line bar(int width, Style style) {
    String text = text();
    return of(text + " ".repeat(Math.max(0, width - text.length())), style);
  }

  public String text() {
    return pieces.stream().map(Piece::text).collect(Collectors.joining());
  }
}
