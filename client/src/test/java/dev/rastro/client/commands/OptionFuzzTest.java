package dev.rastro.client.commands;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.options.Option;
import dev.rastro.client.options.OptionTable;
import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.SyscallTable;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Random command lines: each is understood or refused with a message, whatever it is made of.
 * {@code -Dfuzz.tries=N} tries N of them, {@code -Dfuzz.seed=N} others. A failure names the seed of
 * its command line.
 */
final class OptionFuzzTest {
  private static final int TRIES = Integer.getInteger("fuzz.tries", 2_000);
  private static final long SEED = Long.getLong("fuzz.seed", 20261122);
  private static final int WORDS_MOST = 8;
  private static final int NOISE_MOST = 12;
  private static final int MEMBERS_MOST = 3;

  /** Of one command line: the specification of the options and what is parsed by it. */
  private static final long ALLOCATED_MOST_BYTES = 16 << 20;

  private static final String LETTERS =
      "aAbcCdDeEfFhiIknNopPqrsStTuUvVwxXyYzZ0129=,:/!?%@ \n\u00e9-";
  private static final List<String> VALUES =
      List.of(
          "trace=",
          "trace=!",
          "t=open,close",
          "%file",
          "/^op",
          "/(",
          "?nothing",
          "@64",
          "signal=",
          "signal=!chld,9",
          "status=failed",
          "read=3",
          "write=0-1",
          "quiet=all",
          "abbrev=none",
          "raw=read",
          "verbose=!all",
          "decode-fds=all",
          "inject=all:error=EIO",
          "kvm=vcpu",
          "all",
          "none",
          "=",
          ",",
          "!",
          "",
          "-1",
          "0",
          "12",
          "2147483648",
          "1,2 3",
          "99999999999999999999",
          "json",
          "text",
          "|cat",
          "/dev/null",
          "execve",
          "comm",
          "pidns",
          "raw",
          "verbose",
          "time,us",
          "unix,precision:ns",
          "5us",
          "1.5ms",
          "min-time",
          "name,calls",
          "root",
          "name=value");

  /** What the lists of an expression may have in them. */
  private static final List<String> MEMBERS =
      List.of(
          "all",
          "none",
          "open",
          "?nothing",
          "close@64",
          "read@x32",
          "3",
          "4095",
          "%file",
          "%%stat",
          "memory",
          "/^(a|b)*c$",
          "/[",
          "/x{1000}",
          "chld",
          "SIGRT_3",
          "successful",
          "unavailable",
          "1048575",
          "path",
          "attach",
          "comm",
          "");

  private static final List<String> QUALIFIERS =
      Arrays.stream(Expression.Qualifier.values())
          .map(qualifier -> qualifier.toString().substring("-e ".length()))
          .toList();

  private static final SyscallTable TABLE = SyscallTable.load(Architecture.X86_64);
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** By command: how an argument list is understood, and the options to make one of. */
  private record Grammar(String command, List<String> options, Consumer<List<String>> parser) {
    static Grammar of(OptionTable table, TraceCommand command) {
      List<String> options = new ArrayList<>();
      for (Option option : table.options()) {
        if (option.letter() != 0) {
          options.add("-" + option.letter());
        }
        option.longNames().forEach(name -> options.add("--" + name));
      }
      return new Grammar(command.name(), options, words -> parse(command, table, words));
    }

    private static void parse(TraceCommand command, OptionTable table, List<String> words) {
      if (command.page(table, words).isEmpty()) {
        Expression expression = TraceArguments.parse(table, words).expression();
        List.of(
                expression.calls(),
                expression.abbreviated(),
                expression.followed(),
                expression.raw())
            .forEach(names -> names.resolve(TABLE));
        Requests.filterWithOutcome(expression);
      }
    }

    static Grammar of(String command) {
      List<String> options =
          Rastro.commandLine(command)
              .getSubcommands()
              .get(command)
              .getCommandSpec()
              .options()
              .stream()
              .flatMap(option -> Arrays.stream(option.names()))
              .toList();
      return new Grammar(command, options, words -> parse(command, words));
    }

    private static void parse(String command, List<String> words) {
      List<String> line = new ArrayList<>(List.of(command));
      line.addAll(words);
      ParseResult parsed = Rastro.commandLine(command).parseArgs(line.toArray(String[]::new));
      if (parsed.subcommand().isUsageHelpRequested()) {
        return;
      }
      if (command.equals("summary")) {
        SummaryArguments.parse(parsed.subcommand());
      } else {
        DiffArguments.parse(parsed.subcommand());
      }
    }
  }

  private static final List<Grammar> GRAMMARS =
      List.of(
          Grammar.of(OptionTable.all(), TraceCommand.trace()),
          Grammar.of(OptionTable.ofStrace(), TraceCommand.strace()),
          Grammar.of("summary"),
          Grammar.of("diff"));

  @Test
  void everyCommandLineIsUnderstoodOrRefused() {
    long understood = 0;
    long refused = 0;
    long mostAllocated = 0;
    for (long seed = SEED; seed < SEED + TRIES; seed++) {
      Random random = new Random(seed);
      // The options of strace are by far the most.
      Grammar grammar = GRAMMARS.get(Math.max(0, random.nextInt(16) - 13));
      List<String> words = words(random, grammar.options());
      long before = THREADS.getCurrentThreadAllocatedBytes();
      try {
        if (isUnderstood(grammar, words)) {
          understood++;
        } else {
          refused++;
        }
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
        throw new AssertionError(
            "seed " + seed + ": " + grammar.command() + " " + words + ": " + e, e);
      }
      long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      mostAllocated = Math.max(mostAllocated, allocated);
      assertTrue(allocated <= ALLOCATED_MOST_BYTES, words::toString);
    }
    System.out.printf(
        "fuzz: %d command lines tried, %d understood, %d refused, at most %d bytes allocated for"
            + " one%n",
        TRIES, understood, refused, mostAllocated);
    assertTrue(understood > 0 && refused > 0, understood + " understood, " + refused + " refused");
  }

  private static boolean isUnderstood(Grammar grammar, List<String> words) {
    try {
      grammar.parser().accept(words);
      return true;
    } catch (ParameterException | ClientFailure refusal) {
      assertTrue(!refusal.getMessage().isBlank(), "a refusal without a message");
      return false;
    }
  }

  private static List<String> words(Random random, List<String> options) {
    List<String> words = new ArrayList<>();
    for (int i = random.nextInt(WORDS_MOST); i > 0; i--) {
      String option = options.get(random.nextInt(options.size()));
      String value = VALUES.get(random.nextInt(VALUES.size()));
      switch (random.nextInt(10)) {
        case 0 -> words.add(noise(random));
        case 1 -> words.add("-" + noise(random));
        case 2 -> words.add(option + value);
        case 3 -> words.add(option + "=" + value);
        case 4 -> words.add(value);
        case 5 -> words.add(option);
        case 6 -> words.addAll(List.of("-e", expression(random)));
        case 7 -> words.add(option + "=" + expression(random));
        default -> {
          words.add(option);
          words.add(value);
        }
      }
    }
    if (random.nextBoolean()) {
      words.addAll(List.of("--", "true"));
    }
    return words;
  }

  private static String expression(Random random) {
    StringBuilder expression = new StringBuilder();
    if (random.nextInt(8) > 0) {
      expression.append(QUALIFIERS.get(random.nextInt(QUALIFIERS.size())));
    }
    if (random.nextInt(4) == 0) {
      expression.append('!');
    }
    for (int i = random.nextInt(MEMBERS_MOST); i >= 0; i--) {
      boolean known = random.nextInt(8) > 0;
      expression.append(known ? MEMBERS.get(random.nextInt(MEMBERS.size())) : noise(random));
      expression.append(i > 0 ? "," : "");
    }
    return expression.toString();
  }

  private static String noise(Random random) {
    StringBuilder noise = new StringBuilder();
    for (int i = random.nextInt(NOISE_MOST); i > 0; i--) {
      noise.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return noise.toString();
  }
}
