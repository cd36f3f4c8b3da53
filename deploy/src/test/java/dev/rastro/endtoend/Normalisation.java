package dev.rastro.endtoend;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Something that differs from run to run of the same program and is therefore not compared.
 * Addresses are, since both runs are made without randomisation of the address space.
 */
record Normalisation(String name, String reason, Pattern pattern, String replacement) {
  private static final String EACH_RUN = "each run has files of its own";
  private static final String MACHINE = "the machine goes on between the two runs";

  static final List<Normalisation> ALL =
      List.of(
          of("inode numbers", EACH_RUN, "\\b(st_ino|stx_ino|d_ino|d_off)=\\d+", "$1=*"),
          of("numbers of pipes and sockets", EACH_RUN, "\\b(pipe|socket):\\[\\d+\\]", "$1:[*]"),
          of(
              "numbers of unix, netlink and unbound sockets",
              EACH_RUN,
              "<([A-Z][-A-Za-z0-9]+):\\[\\d+(->\\d+)?(,|\\])",
              "<$1:[*$3"),
          of(
              "times of files that are younger than 2023, to the digit",
              EACH_RUN,
              "=1[7-9]\\d{8}(, tv_nsec=)?\\d*(}?) /\\* [-\\d]+T[:\\d]+(\\.)?\\d*\\+0000 \\*/",
              "=*$1$2 /* *$3* */"),
          of(
              "nanoseconds of the times of files, where they stand alone",
              EACH_RUN,
              "\\b(st_[acm]time_nsec)=\\d+",
              "$1=*"),
          of(
              "processor time of a child",
              "the machine is not always as fast",
              "\\b(si_[us]time)=\\d+( /\\* [\\d.]+ s \\*/)?",
              "$1=*"),
          of(
              "ports that the kernel chooses",
              "free ones",
              "\\bhtons\\((3[2-9]|[45]\\d|60)\\d{3}\\)",
              "htons(*)"),
          of(
              "ids of IPC objects",
              "the kernel counts on",
              "\\b((?:sem|shm|msg)(?:ctl|op|timedop|snd|rcv))\\(\\d+(.*\\)) += ",
              "$1(*$2 = "),
          of(
              "ids of IPC objects that are made",
              "the kernel counts on",
              "^(\\S+ (?:sem|shm|msg)get\\(.*\\) += )\\d+$",
              "$1*"),
          of("times of IPC objects", EACH_RUN, "\\b((?:sem|shm|msg)_[oasrdc]time)=1\\d{9}", "$1=*"),
          of(
              "serial numbers of keys",
              "random",
              "^(\\S+ (?:add_key|keyctl)\\(.*\\) += )\\d{6,}$",
              "$1*"),
          of(
              "ports that the kernel chooses, of descriptors",
              "free ones",
              "(TCP|UDP)(v6)?:\\[(.*?):(3[2-9]|[45]\\d|60)\\d{3}\\b",
              "$1$2:[$3:*"),
          of("names of files that never had one", EACH_RUN, "/#\\d+>", "/#*>"),
          of("free space", MACHINE, "\\b(f_bfree|f_bavail|f_ffree)=\\d+", "$1=*"),
          of(
              "uptime, load and memory of sysinfo",
              MACHINE,
              "\\bsysinfo\\(\\{uptime=\\d+, loads=\\[[^]]*\\], (.*?\\bsharedram=).*?totalswap",
              "sysinfo({uptime=*, loads=*, ...=*, totalswap"),
          of("processes of sysinfo", MACHINE, "\\bprocs=\\d+", "procs=*"),
          of("ticks since boot", MACHINE, "^(\\S+ times\\(.*\\) += )\\d+$", "$1*"),
          of(
              "what is left of a timeout",
              "waiting takes as long as it takes",
              "\\bleft \\{tv_sec=\\d+, tv_([nu])sec=\\d+\\}",
              "left {tv_sec=*, tv_$1sec=*}"),
          of("random bytes", "random", "\\bgetrandom\\(\"(\\\\x[0-9a-f]{2})+\"", "getrandom(\"*\""),
          of("names of sed's temporary files", "random", "\\./sed\\w{6}\"", "./sed*\""));

  private static Normalisation of(String name, String reason, String pattern, String replacement) {
    return new Normalisation(name, reason, Pattern.compile(pattern), replacement);
  }

  static CaseTrace.Line applied(CaseTrace.Line line) {
    return new CaseTrace.Line(applied(line.text()), applied(line.plain()), line.joined());
  }

  private static String applied(String text) {
    for (Normalisation each : ALL) {
      text = each.pattern().matcher(text).replaceAll(each.replacement());
    }
    return text;
  }
}
