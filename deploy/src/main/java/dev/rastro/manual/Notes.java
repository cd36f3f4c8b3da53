package dev.rastro.manual;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * What a page says beyond its options: files, environment, exit status. A text with {@code ==
 * TITLE} lines, paragraphs, and {@code TERM :: what it is} paragraphs.
 */
final class Notes {
  private Notes() {}

  static void add(ManPage page, String resource) {
    for (String paragraph : text(resource).split("\n\n+", -1)) {
      String joined = paragraph.strip().replace('\n', ' ');
      int colons = joined.indexOf(" :: ");
      if (joined.startsWith("== ")) {
        page.section(joined.substring("== ".length()));
      } else if (colons > 0) {
        page.term(List.of(joined.substring(0, colons)), Value.NONE, joined.substring(colons + 4));
      } else if (joined.startsWith("$ ")) {
        page.literal(joined.substring("$ ".length()));
      } else if (!joined.isEmpty()) {
        page.paragraph(joined);
      }
    }
  }

  private static String text(String resource) {
    try (InputStream in = Notes.class.getResourceAsStream(resource)) {
      return new String(
          Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
