package dev.rastro.endtoend;

import dev.rastro.syscalls.table.Architecture;
import dev.rastro.syscalls.table.Syscall;
import dev.rastro.syscalls.table.SyscallTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Every call of the native table with arguments that are bad in several ways, and the plan by which
 * {@code programs/exercise.c} issues them.
 */
record Exercise(List<Attempt> attempts) {
  private static final String TREATMENTS = "exercise.txt";
  private static final long LAST_BYTES = 0x20000ffcL;
  private static final long ZERO_PAGE = 0x20010000L;
  private static final long NO_DESCRIPTOR = 9999;

  /** Ways to be bad; the addresses are those that exercise.c maps. */
  enum Arguments {
    ZEROS(0, 0),
    ONES(-1, -1),
    /** Pointers to four bytes before the end of what is mapped. */
    PAGE(LAST_BYTES, LAST_BYTES),
    /** A descriptor that is not open, and pointers to zeros. */
    BOGUS(NO_DESCRIPTOR, ZERO_PAGE);

    private final long first;
    private final long others;

    Arguments(long first, long others) {
      this.first = first;
      this.others = others;
    }

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How a call is issued, if not simply so. */
  enum Treatment {
    PLAIN,
    TIMER,
    HANDLER,
    SKIP
  }

  /** One call with one kind of arguments; its index is its place in the list. */
  record Attempt(Syscall call, Arguments arguments, Treatment treatment) {
    @Override
    public String toString() {
      return call.name() + " with " + arguments.label();
    }
  }

  /** All calls with all kinds of arguments. */
  static Exercise ofAll() {
    return of(List.of(Arguments.values()));
  }

  static Exercise of(List<Arguments> kinds) {
    Map<String, Treatment> treatments = treatments();
    List<Attempt> attempts = new ArrayList<>();
    for (Syscall call : SyscallTable.load(Architecture.current()).all()) {
      for (Arguments arguments : kinds) {
        Treatment treatment =
            treatments.getOrDefault(
                call.name() + " " + arguments.label(),
                treatments.getOrDefault(call.name() + " *", Treatment.PLAIN));
        if (treatment != Treatment.SKIP) {
          attempts.add(new Attempt(call, arguments, treatment));
        }
      }
    }
    return new Exercise(attempts);
  }

  /** Writes the plan that exercise.c reads. */
  void write(Path file) {
    StringBuilder plan = new StringBuilder();
    for (int i = 0; i < attempts.size(); i++) {
      Attempt attempt = attempts.get(i);
      plan.append(i).append(' ').append(attempt.call().number()).append(' ');
      switch (attempt.treatment()) {
        case TIMER -> plan.append("timer");
        case HANDLER -> plan.append("handler");
        default -> plan.append('-');
      }
      plan.append(' ').append(Long.toHexString(attempt.arguments().first));
      for (int argument = 1; argument < 6; argument++) {
        plan.append(' ').append(Long.toHexString(attempt.arguments().others));
      }
      plan.append('\n');
    }
    try {
      Files.writeString(file, plan);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Treatment> treatments() {
    Map<String, Treatment> treatments = new HashMap<>();
    try (InputStream in = Exercise.class.getResourceAsStream(TREATMENTS)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : text.lines().toList()) {
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        String[] words = line.split(" +", -1);
        treatments.put(
            words[0] + " " + words[1], Treatment.valueOf(words[2].toUpperCase(Locale.ROOT)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return treatments;
  }
}
