package dev.rastro.client.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.client.commands.Expression.Qualifier;
import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.failure.ExitStatus;
import dev.rastro.client.options.Option;
import dev.rastro.client.options.OptionTable;
import dev.rastro.client.printing.Precision;
import dev.rastro.client.printing.Status;
import dev.rastro.client.printing.Timestamps;
import dev.rastro.syscalls.text.DescriptorChoice;
import dev.rastro.syscalls.text.TextStyle.HexStrings;
import dev.rastro.v1.Overload;
import dev.rastro.v1.Target;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TraceArgumentsTest {

  private static TraceArguments parse(String... words) {
    return TraceArguments.parse(OptionTable.all(), List.of(words));
  }

  private static TraceArguments parseLine(String line) {
    return parse(line.split(" "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-f -c -s 100 -o out ls -l",
        "-fc -s100 -oout ls -l",
        "-fcs100 -o out -- ls -l",
        "-fcs 100 -oout ls -l",
        "--follow-forks -c -o out -s 100 -- ls -l"
      })
  void optionsCombineAsInGetopt(String line) {
    TraceArguments arguments = parseLine(line);
    assertTrue(arguments.follow());
    assertEquals(TraceArguments.Counting.ONLY, arguments.counting());
    assertEquals(100, arguments.stringLimit());
    assertEquals(Optional.of("out"), arguments.destination().file());
    assertEquals(List.of("ls", "-l"), arguments.command());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "-p12; 12",
        "-p 12; 12",
        "-fp12; 12",
        "-p 12,13 -p 14; 12,13,14",
        "--attach=12; 12",
        "--attach 12; 12",
        "-p 12 -p 12; 12"
      })
  void pidsAddUp(String line, String pids) {
    assertEquals(
        List.of(pids.split(",")), parseLine(line).pids().stream().map(String::valueOf).toList());
  }

  @Test
  void pidsMayBeSeparatedByBlanksAndLines() {
    assertEquals(List.of(1, 2, 3), parse("-p", "1 2\n3").pids());
  }

  @Test
  void firstWordThatIsNoOptionStartsTheCommand() {
    TraceArguments arguments = parse("-f", "sh", "-c", "-p", "--", "-x");
    assertEquals(List.of("sh", "-c", "-p", "--", "-x"), arguments.command());
    assertTrue(arguments.pids().isEmpty());
  }

  @Test
  void commandMayBeginWithADashOrAnAtSignAfterTheSeparator() {
    assertEquals(List.of("-odd", "@file"), parse("--", "-odd", "@file").command());
  }

  @Test
  void optionArgumentsMayLookLikeOptions() {
    assertEquals(Optional.of("-f"), parse("-o", "-f", "ls").destination().file());
  }

  @Test
  void repeatedQuietCounts() {
    assertEquals(Quiet.level(1), parseLine("-q ls").quiet());
    assertEquals(Quiet.level(2), parseLine("-qq ls").quiet());
    assertEquals(Quiet.level(2), parseLine("-q -q ls").quiet());
    assertEquals(EnumSet.allOf(Quiet.class), parseLine("-qqqq ls").quiet());
    assertEquals(Set.of(Quiet.EXIT), parseLine("--quiet=attach -e q=exit ls").quiet());
    assertEquals(Quiet.level(1), parseLine("--silent ls").quiet());
  }

  @Test
  void laterTraceExpressionReplacesTheEarlier() {
    Expression expression = parse("-e", "read", "-e", "trace=write,%file", "ls").expression();
    assertEquals(List.of("write", "%file"), expression.calls().allow());
    assertEquals(List.of(), expression.calls().deny());
  }

  @Test
  void exclamationMarkNegatesTheWholeList() {
    Expression expression = parse("-e", "!read,write", "ls").expression();
    assertEquals(List.of(), expression.calls().allow());
    assertEquals(List.of("read", "write"), expression.calls().deny());
  }

  @ParameterizedTest
  @ValueSource(strings = {"trace=none", "none", "trace=!all"})
  void noneDeniesEverything(String expression) {
    assertEquals(List.of("/."), parse("-e", expression, "ls").expression().calls().deny());
  }

  @ParameterizedTest
  @ValueSource(strings = {"trace=all", "all", "trace=!none"})
  void allIsEverything(String expression) {
    assertEquals(List.of(), parse("-e", expression, "ls").expression().calls().deny());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "signal=term,SIGUSR1; SIGUSR1,SIGTERM",
        "signal=none; none",
        "signal=!all; none",
        "s=9; SIGKILL"
      })
  void signalsAreChosenByNameOrNumber(String expression, String names) {
    assertEquals(
        List.of(names.split(",")), parse("-e", expression, "ls").expression().signalNames());
  }

  @Test
  void lettersAndListsChooseWhatIsToldOfDescriptors() {
    assertEquals(DescriptorChoice.NONE, descriptors("ls"));
    assertEquals(DescriptorChoice.PATHS, descriptors("-y", "ls"));
    assertEquals(DescriptorChoice.ALL, descriptors("-yy", "ls"));
    assertEquals(
        new DescriptorChoice(false, true, true, false),
        descriptors("-e", "decode-fds=dev,socket", "ls"));
    assertEquals(
        new DescriptorChoice(true, true, false, true), descriptors("-e", "decode-fds=!dev", "ls"));
    assertEquals(DescriptorChoice.ALL, descriptors("--decode-fds=all", "ls"));
  }

  @Test
  void aLetterOrAListChoosesTheNamesOfTasks() {
    assertFalse(parse("ls").style().taskNames());
    assertTrue(parse("-Y", "ls").style().taskNames());
    assertTrue(parse("--decode-pids=comm", "ls").style().taskNames());
    assertTrue(parse("-e", "decode-pid=all", "ls").style().taskNames());
    assertFalse(parse("-Y", "-e", "decode-pids=none", "ls").style().taskNames());
    assertThrows(ClientFailure.class, () -> parse("-e", "decode-pids=pidns", "ls"));
  }

  private static DescriptorChoice descriptors(String... words) {
    return parse(words).style().descriptors();
  }

  @Test
  void pathsAreTakenAsTheyAreGivenAndAsTheyResolve() {
    TraceArguments arguments = parse("-P", "/usr/../usr", "-P/no/such", "ls");
    assertEquals(Set.of("/usr/../usr", "/usr", "/no/such"), arguments.touched().paths());
    assertEquals(
        List.of("Requested path \"/usr/../usr\" resolved into \"/usr\""), arguments.notices());
    assertEquals(List.of(), parse("-qqq", "-P", "/usr/../usr", "ls").notices());
    assertEquals("{3, 7}", parse("-e", "trace-fds=7,3", "ls").touched().descriptors().toString());
    assertEquals(
        List.of("0-2", "4-4", "6-1048575"),
        parse("-e", "trace-fds=!3,5", "ls").touched().filter().getDescriptorsList());
  }

  @Test
  void negatedSignalsAreAllTheOthers() {
    Expression expression = parse("-e", "signal=!SIGCHLD", "ls").expression();
    assertEquals(63, expression.signalNames().size());
    assertTrue(!expression.signalNames().contains("SIGCHLD"));
    assertEquals(List.of(), parse("ls").expression().signalNames());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "-e decode-fds=file ls; -e decode-fds=: file: not path, socket, dev or pidfd",
        "-e trace-fds=x ls; -e trace-fds=: x: not a file descriptor",
        "-y -e decode-fds=dev ls; -y and --decode-fds exclude each other",
        "-k ls; -k is not supported: stacks are not captured with the calls",
        "-e inject=read:error=EIO ls; -e inject= cannot be supported: rastro only watches",
        "--fault=read ls; -e fault= cannot be supported: rastro only watches",
        "-ff -c ls; -ff excludes -c and -C",
        "-ff -o |cat ls; -ff and output into a command exclude each other",
        "-q -e quiet=exit ls; -q and -e quiet= exclude each other",
        "-t --timestamps ls; -t and --absolute-timestamps exclude each other",
        "--absolute-timestamps=unix,xs ls; --absolute-timestamps: 'xs' is unknown",
        "--syscall-times=min ls; --syscall-times: 'min' is not s, ms, us or ns",
        "-b fork ls; -b: fork: only execve is supported",
        "-I 7 ls; -I: '7' is not one of 1 to 4",
        "-X nice ls; -X: 'nice' is neither raw nor abbrev nor verbose",
        "-S size -c ls; -S: 'size': nothing to sort by",
        "-U calls,size -c ls; -U: 'size': no such column",
        "-U calls,count -c ls; -U: column 'count' is there twice",
        "-O fast -c ls; -O: not a time: 'fast'",
        "-w ls; -w is for -c or -C",
        "-e status=late ls; -e status=: late: no such status",
        "-e quiet=all,now ls; -e quiet=: all: no such message",
        "-e read=x ls; -e read=: x: not a file descriptor",
        "-u root -p 1; -u and -E are for a command",
        "--out ls; option '--out' is ambiguous; possibilities:",
        "--follow-forks=yes ls; option '--follow-forks' does not allow an argument",
        "-o; option '-o' requires an argument",
        "-e signal=SIGFOO ls; -e signal=: SIGFOO: no such signal",
        "-e foo=bar ls; -e: unknown qualifier 'foo' in 'foo=bar'",
        "-e read,,write ls; -e trace=: an empty name in 'read,,write'",
        "-p 1x; -p: not a number: '1x'",
        "-p 0; -p: not a process id: '0'",
        "-p -1; -p: not a number that makes sense: '-1'",
        "-s abc ls; -s: not a number: 'abc'",
        "-s 99999 ls; -s: 99999 is more than the 32768",
        "-c -C ls; -c and -C exclude each other",
        "--socket a --address b:1 ls; --socket and --address exclude each other",
        "--address nonsense ls; --address: not HOST:PORT: 'nonsense'",
        "-f; nothing to trace"
      })
  void errorsNameWhatIsWrong(String line, String message) {
    ClientFailure failure = assertThrows(ClientFailure.class, () -> parseLine(line));
    assertEquals(ExitStatus.USAGE, failure.exitStatus());
    assertTrue(failure.getMessage().startsWith(message), failure.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"-Q ls, -Q", "-fQ ls, -Q", "--nonsense ls, --nonsense"})
  void unknownOptionIsNamed(String line, String option) {
    ClientFailure failure = assertThrows(ClientFailure.class, () -> parseLine(line));
    assertTrue(failure.getMessage().startsWith("unknown option: " + option), failure.getMessage());
  }

  @Test
  void longNamesMayBeAbbreviated() {
    assertEquals(7, parseLine("--string-l 7 ls").stringLimit());
    assertEquals(Quiet.level(1), parseLine("--sil ls").quiet());
    assertEquals(HexStrings.ALL, parseLine("--strings ls").style().hexStrings());
  }

  @Test
  void outputIsAFormatOnlyForTrace() {
    assertTrue(parseLine("--output json ls").json());
    assertEquals(Optional.of("out"), parseLine("--output=out ls").destination().file());
    TraceArguments strace =
        TraceArguments.parse(OptionTable.ofStrace(), List.of("--output", "json", "ls"));
    assertTrue(!strace.json());
    assertEquals(Optional.of("json"), strace.destination().file());
    assertThrows(
        ClientFailure.class,
        () -> TraceArguments.parse(OptionTable.ofStrace(), List.of("--socket=x", "ls")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "-t; TIME; SECONDS",
        "-tt; TIME; MICROS",
        "-ttt; UNIX; MICROS",
        "-tttt; UNIX; MICROS",
        "--absolute-timestamps; TIME; SECONDS",
        "--timestamps=ns; TIME; NANOS",
        "--absolute-timestamps=unix; UNIX; SECONDS",
        "--absolute-timestamps=format:unix,precision:ms; UNIX; MILLIS",
        "--absolute-timestamps=unix --timestamps=none; NONE; SECONDS"
      })
  void timestampsHaveAFormatAndAPrecision(
      String line, Timestamps.Clock clock, Precision precision) {
    Timestamps timestamps = parseLine(line + " ls").timestamps();
    assertEquals(clock, timestamps.clock());
    assertEquals(precision, timestamps.precision());
  }

  @Test
  void timesAreInMicrosecondsUnlessToldOtherwise() {
    Timestamps plain = parseLine("-rT ls").timestamps();
    assertEquals(Optional.of(Precision.MICROS), plain.relative());
    assertEquals(Optional.of(Precision.MICROS), plain.spent());
    Timestamps fine = parseLine("--relative-timestamps=ns --syscall-times=ms ls").timestamps();
    assertEquals(Optional.of(Precision.NANOS), fine.relative());
    assertEquals(Optional.of(Precision.MILLIS), fine.spent());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "-z; SUCCESSFUL",
        "-Z; FAILED",
        "-z -Z; FAILED",
        "--failed-only; FAILED",
        "-e status=!successful,failed,detached,unavailable; UNFINISHED"
      })
  void statusesAreChosen(String line, Status status) {
    assertEquals(Set.of(status), parseLine(line + " ls").expression().statuses());
  }

  @Test
  void dataOfDescriptorsIsChosen() {
    BitSet read = parseLine("-e read=3,5 ls").expression().descriptors(Qualifier.READ);
    assertEquals("{3, 5}", read.toString());
    BitSet others = parseLine("--write=!1 ls").expression().descriptors(Qualifier.WRITE);
    assertTrue(others.get(0) && !others.get(1) && others.get(2));
  }

  @ParameterizedTest
  @CsvSource({"-O 5, 5000", "-O 1.5ms, 1500000", "-O 3ns, 3", "-O 1s, 1000000000"})
  void overheadHasAUnit(String line, long nanos) {
    assertEquals(nanos, parseLine("-c " + line + " ls").summary().overheadNanos());
  }

  @Test
  void commandsAreRunWithTheEnvironmentThatIsWanted() {
    TraceArguments arguments = parseLine("-E A=b --env=C -u nobody ls");
    assertEquals(List.of("A=b", "C"), arguments.launch().environment());
    assertEquals(Optional.of("nobody"), arguments.launch().user());
  }

  @Test
  void everyOptionOfTheTableIsTaken() {
    Map<String, String> arguments =
        Map.ofEntries(
            Map.entry("p", "1"),
            Map.entry("b", "execve"),
            Map.entry("I", "1"),
            Map.entry("syscall-limit", "1"),
            Map.entry("status", "failed"),
            Map.entry("signal", "int"),
            Map.entry("read", "1"),
            Map.entry("trace-fds", "1"),
            Map.entry("write", "1"),
            Map.entry("a", "1"),
            Map.entry("s", "1"),
            Map.entry("X", "raw"),
            Map.entry("O", "1"),
            Map.entry("S", "time"),
            Map.entry("U", "time"),
            Map.entry("ns-pid", "1@4026531836"),
            Map.entry("min-duration", "1ms"),
            Map.entry("max-duration", "1ms"),
            Map.entry("overload", "drop"),
            Map.entry("reconnect", "0"),
            Map.entry("address", "a:1"));
    Set<String> refused = Set.of("k", "kvm", "inject", "fault", "pidns-translation");
    for (Option option : OptionTable.all().options()) {
      if (option.key().equals("h") || option.key().equals("V")) {
        continue;
      }
      String name = option.letter() == 0 ? "--" + option.key() : "-" + option.letter();
      List<String> words = new ArrayList<>(List.of("-C", name));
      if (option.argument() == Option.Argument.REQUIRED) {
        words.add(arguments.getOrDefault(option.key(), "execve"));
      }
      words.add("ls");
      if (refused.contains(option.key())) {
        assertThrows(ClientFailure.class, () -> parse(words.toArray(String[]::new)), name);
      } else {
        if (option.key().equals("c") || option.key().equals("output-separately")) {
          words.remove("-C");
        }
        assertEquals(List.of("ls"), parse(words.toArray(String[]::new)).command(), name);
      }
    }
  }

  @Test
  void processesAreChosenByWhatTheyAre() {
    TraceArguments arguments =
        parse("--comm=nginx", "--uid", "33", "--unit=web", "--ns-pid=7@4026531836", "-f");
    Target target = arguments.chosen().target();
    assertEquals(List.of("nginx"), target.getCommsList());
    assertEquals(List.of("33"), target.getUsersList());
    assertEquals(List.of("web"), target.getUnitsList());
    assertEquals(4026531836L, target.getNamespacePids(0).getNamespace());
    assertTrue(arguments.command().isEmpty(), "nobody needs a command then");
    assertEquals(
        1_500_000, parse("--min-duration=1.5ms", "ls").chosen().filter().getMinDurationNanos());
    assertEquals(
        List.of("ENOENT", "EACCES"),
        parse("--errno=ENOENT,EACCES", "ls").chosen().filter().getErrnosList());
    assertThrows(ClientFailure.class, () -> parse("--ns-pid=7@none", "ls"));
    assertThrows(ClientFailure.class, () -> parse("--reconnect=301", "ls"));
    assertEquals(
        List.of("a", "b c"),
        parse("--text=a", "--text", "b c", "ls").chosen().filter().getTextsList());
    assertEquals(Overload.OVERLOAD_DEGRADE, parse("--overload=degrade", "ls").chosen().overload());
    assertThrows(ClientFailure.class, () -> parse("--overload=block", "ls"));
  }

  @Test
  void helpFitsAPageAndNamesEveryOption() {
    String help = OptionTable.all().help();
    assertTrue(help.lines().allMatch(line -> line.length() <= 100), help);
    for (Option option : OptionTable.all().options()) {
      assertTrue(help.contains(option.letter() == 0 ? "--" + option.key() : "-" + option.key()));
    }
  }
}
