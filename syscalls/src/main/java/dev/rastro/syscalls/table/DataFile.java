package dev.rastro.syscalls.table;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/** A text resource beside this class: {@code #} begins a comment line, empty lines mean nothing. */
record DataFile(String name, String content) {

  static DataFile load(String name) {
    try (InputStream in = DataFile.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(
            "the syscall table's " + name + " is missing from the class path; rebuild the jar");
      }
      return new DataFile(name, new String(in.readAllBytes(), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the syscall table's " + name, e);
    }
  }

  /** Lines that say something, without a loss of numbering. */
  List<DataLine> lines() {
    String text = content;
    List<DataLine> lines = new ArrayList<>();
    int number = 0;
    for (int start = 0; start < text.length(); ) {
      int end = text.indexOf('\n', start);
      if (end < 0) {
        end = text.length();
      }
      number++;
      if (end > start && text.charAt(start) != '#') {
        lines.add(new DataLine(name, number, text.substring(start, end)));
      }
      start = end + 1;
    }
    return lines;
  }

  /**
   * Splits a file of paragraphs that begin with {@code keyword NAME …}.
   *
   * @return the lines of every paragraph, its first line included, by NAME; several paragraphs may
   *     have the same name
   */
  Map<String, List<List<DataLine>>> paragraphs(String keyword) {
    Map<String, List<List<DataLine>>> paragraphs = new LinkedHashMap<>();
    List<DataLine> paragraph = new ArrayList<>();
    String start = keyword + " ";
    for (DataLine line : lines()) {
      if (line.text().startsWith(start)) {
        paragraph = new ArrayList<>();
        int end = line.text().indexOf(' ', start.length());
        String key = line.text().substring(start.length(), end < 0 ? line.text().length() : end);
        paragraphs.computeIfAbsent(key, k -> new ArrayList<>()).add(paragraph);
      } else if (paragraphs.isEmpty()) {
        throw line.error("expected \"" + keyword + " NAME\" before this line");
      }
      paragraph.add(line);
    }
    return paragraphs;
  }

  long checksum() {
    CRC32 checksum = new CRC32();
    checksum.update(content.getBytes(UTF_8));
    return checksum.getValue();
  }
}
