package dev.rastro.client.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.failure.ExitStatus;
import dev.rastro.syscalls.text.DescriptorChoice;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class TraceArgumentsTest {

  private static TraceArguments parse(String... words) {
    String[] arguments = new String[words.length + 1];
    arguments[0] = "trace";
    System.arraycopy(words, 0, arguments, 1, words.length);
    return TraceArguments.of(Rastro.commandLine("trace").parseArgs(arguments).subcommand());
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
    assertEquals(Optional.of("out"), arguments.file());
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
    assertEquals(Optional.of("-f"), parse("-o", "-f", "ls").file());
  }

  @Test
  void repeatedQuietCounts() {
    assertEquals(1, parseLine("-q ls").quiet());
    assertEquals(2, parseLine("-qq ls").quiet());
    assertEquals(2, parseLine("-q -q ls").quiet());
  }

  @Test
  void laterTraceExpressionReplacesTheEarlier() {
    Expression expression = parse("-e", "read", "-e", "trace=write,%file", "ls").expression();
    assertEquals(List.of("write", "%file"), expression.allow());
    assertEquals(List.of(), expression.deny());
  }

  @Test
  void exclamationMarkNegatesTheWholeList() {
    Expression expression = parse("-e", "!read,write", "ls").expression();
    assertEquals(List.of(), expression.allow());
    assertEquals(List.of("read", "write"), expression.deny());
  }

  @ParameterizedTest
  @ValueSource(strings = {"trace=none", "none", "trace=!all"})
  void noneDeniesEverything(String expression) {
    assertEquals(List.of("/."), parse("-e", expression, "ls").expression().deny());
  }

  @ParameterizedTest
  @ValueSource(strings = {"trace=all", "all", "trace=!none"})
  void allIsEverything(String expression) {
    assertEquals(List.of(), parse("-e", expression, "ls").expression().deny());
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
    assertEquals(DescriptorChoice.NONE, parse("ls").descriptors());
    assertEquals(DescriptorChoice.PATHS, parse("-y", "ls").descriptors());
    assertEquals(DescriptorChoice.ALL, parse("-yy", "ls").descriptors());
    assertEquals(
        new DescriptorChoice(false, true, true, false),
        parse("-e", "decode-fds=dev,socket", "ls").descriptors());
    assertEquals(DescriptorChoice.ALL, parse("--decode-fds=all", "ls").descriptors());
  }

  @Test
  void pathsAreTakenAsTheyAreGivenAndAsTheyResolve() {
    TouchOptions touched = parse("-P", "/usr/../usr", "-P/no/such", "ls").touched();
    assertEquals(Set.of("/usr/../usr", "/usr", "/no/such"), touched.paths());
    assertEquals(
        List.of("Requested path \"/usr/../usr\" resolved into \"/usr\""), touched.notices());
    assertEquals("{3, 7}", parse("-e", "trace-fds=7,3", "ls").touched().descriptors().toString());
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
        "-e decode-fds=file ls; --decode-fds: 'file' is none of path, socket, dev",
        "-e trace-fds=x ls; -e trace-fds=: not a number: 'x'",
        "-c -P /etc ls; -c counts in the kernel, which does not choose by path",
        "-ff ls; option -ff of strace is not supported yet; -f -o FILE is",
        "-e abbrev=none ls; -e abbrev= is not supported yet",
        "-e signal=SIGFOO ls; -e signal=: SIGFOO: no such signal",
        "-e foo=bar ls; -e: unknown qualifier 'foo' in 'foo=bar'",
        "-e read,,write ls; -e trace=: an empty name in 'read,,write'",
        "-p 1x; -p: not a number: '1x'",
        "-p 0; -p: not a process id: '0'",
        "-p -1; -p: not a number that makes sense: '-1'",
        "-s abc ls; -s: not a number: 'abc'",
        "-s 99999 ls; -s: 99999 is more than the 32768",
        "-c -C ls; -c and -C exclude each other",
        "--output xml ls; --output: 'xml' is neither text nor json",
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
    CommandLine.UnmatchedArgumentException unknown =
        assertThrows(CommandLine.UnmatchedArgumentException.class, () -> parseLine(line));
    assertTrue(unknown.getUnmatched().get(0).contains(option), unknown.getMessage());
  }
}
