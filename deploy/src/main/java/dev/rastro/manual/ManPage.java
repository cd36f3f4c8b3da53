package dev.rastro.manual;

import dev.rastro.manual.Manual.Entry;
import dev.rastro.manual.Manual.Group;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes man(7), in the few macros that every reader of manual pages knows. */
final class ManPage {
  private final StringBuilder page = new StringBuilder();

  /**
   * @param date as {@code 2026-01-31}
   */
  ManPage(String name, int section, String date, String version) {
    page.append(
        ".TH \"%s\" %d \"%s\" \"Rastro %s\" \"Rastro\"\n"
            .formatted(name.toUpperCase(Locale.ROOT), section, date, version));
    page.append(".nh\n.ad l\n");
  }

  /** The whole page of a command, but for what {@link Notes} add. */
  static ManPage of(Manual manual, int section, String date, String version) {
    ManPage page = new ManPage(manual.page(), section, date, version);
    page.name(manual.page(), manual.purpose());
    page.section("SYNOPSIS");
    for (String line : manual.synopsis()) {
      page.literal(line);
    }
    page.section("DESCRIPTION");
    manual.description().forEach(page::paragraph);
    if (!manual.subcommands().isEmpty()) {
      page.section("COMMANDS");
      for (Manual command : manual.subcommands()) {
        page.term(List.of(command.word()), Value.NONE, command.purpose());
      }
      page.paragraph("Each has a page of its own, " + manual.name() + "-COMMAND(1).");
    }
    for (Group group : manual.groups()) {
      page.group(group);
    }
    if (!manual.examples().isEmpty()) {
      page.section("EXAMPLES");
      manual.examples().forEach(page::literal);
    }
    return page;
  }

  void name(String name, String purpose) {
    section("NAME");
    String sentence = purpose.replaceFirst("\\.$", "");
    page.append(escape(name)).append(" \\- ").append(escape(uncapitalised(sentence))).append('\n');
  }

  private void group(Group group) {
    String title = group.title().toUpperCase(Locale.ROOT);
    section(
        title.startsWith("OPTION") || title.startsWith("ARGUMENT") ? title : title + " OPTIONS");
    for (Entry entry : group.entries()) {
      term(entry.names(), entry.value(), entry.description());
    }
  }

  void section(String title) {
    page.append(".SH \"").append(title).append("\"\n");
  }

  void paragraph(String text) {
    page.append(".PP\n").append(escape(text)).append('\n');
  }

  /** A line that is to be typed. */
  void literal(String line) {
    page.append(".PP\n.nf\n\\fB").append(escape(line)).append("\\fR\n.fi\n");
  }

  void term(List<String> names, Value value, String text) {
    page.append(".TP\n");
    if (names.isEmpty()) {
      page.append("\\fI").append(escape(value.label())).append("\\fR");
    } else {
      page.append(names.stream().map(name -> name(name, value)).collect(Collectors.joining(", ")));
    }
    page.append('\n').append(escape(text)).append('\n');
  }

  private static String name(String name, Value value) {
    String bold = "\\fB" + escape(name) + "\\fR";
    if (value.label().isEmpty()) {
      return bold;
    }
    boolean isLong = name.startsWith("--");
    String label = "\\fI" + escape(value.label()) + "\\fR";
    if (value.optional()) {
      return isLong ? bold + "[=" + label + "]" : bold;
    }
    return bold + (isLong ? "=" : " ") + label;
  }

  private static String uncapitalised(String sentence) {
    return sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
  }

  /** A line that begins with a dot or a quote would be a request. */
  static String escape(String text) {
    String escaped =
        text.replace("\\", "\\e").replace("-", "\\-").replace("~", "\\(ti").replace("^", "\\(ha");
    return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
  }

  @Override
  public String toString() {
    return page.toString();
  }
}
