package dev.rastro.endtoend;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Something that differs from run to run of the same program and is therefore not compared.
 * Addresses are, since both runs are made without randomisation of the address space.
 */
record Normalisation(String name, String reason, Pattern pattern, String replacement) {
  static final List<Normalisation> ALL =
      List.of(
          of(
              "inode numbers, change and access times",
              "each run has files of its own",
              "\\b(st_ino|st_ctime|st_ctime_nsec|st_atime|st_atime_nsec|stx_ino|d_ino|d_off)=[^,}]+( /\\* [^*]* \\*/)?",
              "$1=*"));

  private static Normalisation of(String name, String reason, String pattern, String replacement) {
    return new Normalisation(name, reason, Pattern.compile(pattern), replacement);
  }

  static CaseTrace.Line applied(CaseTrace.Line line) {
    String text = line.text();
    for (Normalisation each : ALL) {
      text = each.pattern().matcher(text).replaceAll(each.replacement());
    }
    return new CaseTrace.Line(text, line.joined());
  }
}
