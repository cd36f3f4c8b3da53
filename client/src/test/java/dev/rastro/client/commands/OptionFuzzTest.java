package dev.rastro.client.commands;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.rastro.client.failure.ClientFailure;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
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
          "name=value");
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void everyCommandLineIsUnderstoodOrRefused() {
    List<String> options =
        Rastro.commandLine("trace")
            .getSubcommands()
            .get("trace")
            .getCommandSpec()
            .options()
            .stream()
            .flatMap(option -> Arrays.stream(option.names()))
            .toList();
    long understood = 0;
    long refused = 0;
    long mostAllocated = 0;
    for (long seed = SEED; seed < SEED + TRIES; seed++) {
      String[] words = words(new Random(seed), options);
      long before = THREADS.getCurrentThreadAllocatedBytes();
      try {
        if (isUnderstood(words)) {
          understood++;
        } else {
          refused++;
        }
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
        throw new AssertionError("seed " + seed + ": " + Arrays.toString(words) + ": " + e, e);
      }
      long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      mostAllocated = Math.max(mostAllocated, allocated);
      assertTrue(allocated <= ALLOCATED_MOST_BYTES, () -> Arrays.toString(words));
    }
    System.out.printf(
        "fuzz: %d command lines tried, %d understood, %d refused, at most %d bytes allocated for"
            + " one%n",
        TRIES, understood, refused, mostAllocated);
    assertTrue(understood > 0 && refused > 0, understood + " understood, " + refused + " refused");
  }

  private static boolean isUnderstood(String... words) {
    try {
      ParseResult parsed = Rastro.commandLine("trace").parseArgs(words);
      if (parsed.hasSubcommand()
          && !parsed.subcommand().isUsageHelpRequested()
          && !parsed.subcommand().isVersionHelpRequested()) {
        TraceArguments.of(parsed.subcommand());
      }
      return true;
    } catch (CommandLine.ParameterException | ClientFailure refusal) {
      assertTrue(!refusal.getMessage().isBlank(), "a refusal without a message");
      return false;
    }
  }

  private static String[] words(Random random, List<String> options) {
    List<String> words = new ArrayList<>(List.of("trace"));
    for (int i = random.nextInt(WORDS_MOST); i > 0; i--) {
      String option = options.get(random.nextInt(options.size()));
      String value = VALUES.get(random.nextInt(VALUES.size()));
      switch (random.nextInt(8)) {
        case 0 -> words.add(noise(random));
        case 1 -> words.add("-" + noise(random));
        case 2 -> words.add(option + value);
        case 3 -> words.add(option + "=" + value);
        case 4 -> words.add(value);
        case 5 -> words.add(option);
        default -> {
          words.add(option);
          words.add(value);
        }
      }
    }
    if (random.nextBoolean()) {
      words.addAll(List.of("--", "true"));
    }
    return words.toArray(String[]::new);
  }

  private static String noise(Random random) {
    StringBuilder noise = new StringBuilder();
    for (int i = random.nextInt(NOISE_MOST); i > 0; i--) {
      noise.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return noise.toString();
  }
}
