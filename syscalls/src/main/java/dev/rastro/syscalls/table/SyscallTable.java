package dev.rastro.syscalls.table;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Stream;

/**
 * The syscalls of one architecture, read from {@code syscalls.txt}. Rows are parsed when they are
 * first asked for. Safe for use by several threads.
 */
public final class SyscallTable {
  /** Syscall numbers are below this; it is also how many the capture program tells apart. */
  public static final int SLOTS = 512;

  private static final List<String> STRUCTS =
      List.of("structs.txt", "devices.txt", "rings.txt", "messages.txt");
  private static final List<String> COMMANDS = List.of("commands.txt", "ioctls.txt");
  private static final int FIRST_STRUCTS = 3;
  private static final int FIRST_COMMANDS = FIRST_STRUCTS + STRUCTS.size();
  private static final int NETLINK = FIRST_COMMANDS + COMMANDS.size();

  private static final List<String> DATA_FILES =
      Stream.of(
              List.of("syscalls.txt", "kinds.txt", "names.txt"),
              STRUCTS,
              COMMANDS,
              List.of("netlink.txt"))
          .flatMap(List::stream)
          .toList();

  private final Architecture architecture;
  private final Kinds kinds;
  private final Commands commands;
  private final DataFile netlink;
  private final AtomicReference<Messages> messages = new AtomicReference<>();
  private final String etag;
  private final Map<String, Row> byName;
  private final Row[] byNumber = new Row[SLOTS];
  private final AtomicReferenceArray<Syscall> parsed = new AtomicReferenceArray<>(SLOTS);
  private final Set<String> foreignNames = new TreeSet<>();
  private final Selection selection;

  /** A row that has not been parsed but for its numbers, its name and its classes. */
  record Row(DataLine line, int number, String name, String signature, Set<String> classes) {}

  private SyscallTable(Architecture architecture, List<DataFile> files) {
    this.architecture = architecture;
    this.kinds =
        new Kinds(
            architecture, files.get(1), files.get(2), files.subList(FIRST_STRUCTS, FIRST_COMMANDS));
    this.commands = new Commands(architecture, files.subList(FIRST_COMMANDS, NETLINK));
    this.netlink = files.get(NETLINK);
    this.etag = etag(files);
    Map<String, Row> rows = new HashMap<>(2 * SLOTS);
    Map<String, Set<String>> classSets = new HashMap<>();
    for (DataLine line : files.get(0).lines()) {
      Row row = split(line, classSets);
      if (row.number() < 0) {
        foreignNames.add(row.name());
        continue;
      }
      if (row.number() >= SLOTS) {
        throw line.error("number is not below " + SLOTS);
      }
      if (byNumber[row.number()] != null) {
        throw line.error("a second syscall of this number");
      }
      if (rows.put(row.name(), row) != null) {
        throw line.error("a second syscall of this name");
      }
      byNumber[row.number()] = row;
    }
    foreignNames.removeAll(rows.keySet());
    this.byName = Collections.unmodifiableMap(rows);
    this.selection = new Selection(this);
  }

  /**
   * Reads the table from the class path.
   *
   * @throws DataSyntaxException if a data file is malformed
   */
  public static SyscallTable load(Architecture architecture) {
    return new SyscallTable(architecture, files());
  }

  /** The data of the class path, the rows first. */
  static List<DataFile> files() {
    return DATA_FILES.stream().map(DataFile::load).toList();
  }

  static SyscallTable of(Architecture architecture, List<DataFile> files) {
    return new SyscallTable(architecture, files);
  }

  public Architecture architecture() {
    return architecture;
  }

  public Optional<Syscall> find(int number) {
    return number < 0 || number >= SLOTS || byNumber[number] == null
        ? Optional.empty()
        : Optional.of(parse(byNumber[number]));
  }

  public Optional<Syscall> find(String name) {
    Row row = byName.get(name);
    return row == null ? Optional.empty() : Optional.of(parse(row));
  }

  /** All of them, by number. */
  public List<Syscall> all() {
    List<Syscall> all = new ArrayList<>(byName.size());
    for (Row row : byNumber) {
      if (row != null) {
        all.add(parse(row));
      }
    }
    return all;
  }

  /** What netlink messages hold; read when it is asked for first. */
  public Messages messages() {
    Messages read = messages.get();
    if (read == null) {
      read = new Messages(kinds, netlink);
      messages.set(read);
    }
    return read;
  }

  /** What the commands of a call make of its arguments. */
  public Variants variants(Syscall call) {
    return commands.parse(kinds, call);
  }

  /** The kind of this name, whether or not a syscall uses it: what ioctl points to, for example. */
  public Optional<Kind> kind(String name) {
    return kinds.find(name);
  }

  /** The structs whose names begin so, sorted: what one union may be. */
  public List<Kind.Struct> structs(String prefix) {
    return kinds.all().stream()
        .filter(name -> name.startsWith(prefix))
        .flatMap(name -> kinds.find(name).stream())
        .filter(Kind.Struct.class::isInstance)
        .map(Kind.Struct.class::cast)
        .toList();
  }

  /** Changes whenever any of the data does. */
  public String etag() {
    return etag;
  }

  /** Names that are spelled nearly so, nearest first. */
  public List<String> suggest(String name) {
    return Suggestions.nearest(name, byName.keySet());
  }

  /**
   * The numbers that a filter chooses.
   *
   * @param allow names, numbers, {@code %class}, {@code /regex}, {@code all}, {@code none}, the old
   *     bare class names; with a leading {@code ?} what does not exist is no error. Empty: all,
   *     numbers that the table lacks included
   * @param deny the same; taken away from the above
   * @throws UnknownSyscall if an entry means nothing
   */
  public BitSet select(List<String> allow, List<String> deny) {
    BitSet chosen = new BitSet(SLOTS);
    if (allow.isEmpty()) {
      chosen.set(0, SLOTS);
    } else {
      allow.forEach(entry -> chosen.or(selection.select(entry)));
    }
    deny.forEach(entry -> chosen.andNot(selection.select(entry)));
    return chosen;
  }

  /** Names of all kinds. */
  Set<String> kindNames() {
    return kinds.all();
  }

  Map<String, Row> rows() {
    return byName;
  }

  boolean isForeign(String name) {
    return foreignNames.contains(name);
  }

  private Syscall parse(Row row) {
    Syscall syscall = parsed.get(row.number());
    if (syscall == null) {
      syscall =
          new RowParser(kinds, row.line()).parse(row.number(), row.signature(), row.classes());
      parsed.set(row.number(), syscall);
    }
    return syscall;
  }

  /** {@code X86_64 AARCH64 name(…): result class,class}. */
  private Row split(DataLine line, Map<String, Set<String>> classSets) {
    String text = line.text();
    int firstEnd = text.indexOf(' ');
    int secondStart = skipBlanks(text, Math.max(firstEnd, 0));
    int secondEnd = text.indexOf(' ', secondStart);
    int signatureStart = skipBlanks(text, Math.max(secondEnd, 0));
    int parenthesis = text.indexOf('(', signatureStart);
    int classesStart = text.lastIndexOf(' ') + 1;
    if (firstEnd <= 0 || secondEnd < 0 || parenthesis < 0 || classesStart <= parenthesis) {
      throw line.error("expected: X86_64 AARCH64 name(…): result classes");
    }
    String number =
        architecture == Architecture.X86_64
            ? text.substring(0, firstEnd)
            : text.substring(secondStart, secondEnd);
    Set<String> classes =
        classSets.computeIfAbsent(
            text.substring(classesStart),
            list ->
                list.equals("-")
                    ? Set.of()
                    : Collections.unmodifiableSet(
                        new LinkedHashSet<>(List.of(list.split(",", -1)))));
    return new Row(
        line,
        number.equals("-") ? -1 : line.parseInt(number),
        text.substring(signatureStart, parenthesis),
        text.substring(signatureStart, classesStart).strip(),
        classes);
  }

  private static int skipBlanks(String text, int from) {
    int i = from;
    while (i < text.length() && text.charAt(i) == ' ') {
      i++;
    }
    return i;
  }

  private static String etag(List<DataFile> files) {
    long hash = 0;
    for (DataFile file : files) {
      hash = hash * 0x9E3779B97F4A7C15L + file.checksum();
    }
    return HexFormat.of().toHexDigits(hash);
  }

  /** Classes with their members, for messages and the reference page. */
  Map<String, BitSet> classes() {
    Map<String, BitSet> classes = new TreeMap<>();
    for (Row row : byName.values()) {
      for (String name : row.classes()) {
        classes.computeIfAbsent(name, n -> new BitSet(SLOTS)).set(row.number());
      }
    }
    return classes;
  }
}
