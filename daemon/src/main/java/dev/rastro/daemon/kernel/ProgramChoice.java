package dev.rastro.daemon.kernel;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which programs to load: all that the kernel has not refused, and of the ways into system calls
 * the best one of which it has refused nothing.
 */
final class ProgramChoice {
  private final List<AttachType> ways;
  private final Set<ProgramName> refused = EnumSet.noneOf(ProgramName.class);
  private final List<Degradation> degradations = new ArrayList<>();

  /**
   * @param demanded the only way into system calls that will do; empty to take what suits the
   *     kernel
   */
  ProgramChoice(Optional<AttachType> demanded, KernelRelease kernel) {
    ways = demanded.map(List::of).orElseGet(kernel::waysIntoSyscalls);
    demanded
        .filter(way -> way != AttachType.TRACEPOINT && kernel.preemptsPrograms())
        .ifPresent(
            way ->
                degradations.add(
                    new Degradation(
                        ProgramName.SYS_ENTER_CLASSIC.loss(),
                        "attach-type is " + way.text(),
                        "leave attach-type out")));
  }

  boolean takes(ProgramName program) {
    if (program.ofSyscalls()) {
      return ways.stream()
          .filter(this::isOpen)
          .findFirst()
          .equals(Optional.of(program.attachType()));
    }
    return !refused.contains(program);
  }

  /** Without system calls there is nothing to trace; anything else can be done without. */
  boolean canDoWithout(ProgramName program) {
    return !program.ofSyscalls()
        || ways.stream().anyMatch(way -> way != program.attachType() && isOpen(way));
  }

  /**
   * @throws CaptureException when it cannot be done without it
   */
  void refuse(ProgramName program, String cause) throws CaptureException {
    if (ways.contains(program.attachType()) && !canDoWithout(program)) {
      throw new CaptureException(
          CaptureException.Reason.UNSUPPORTED,
          "no way into system calls: %s: %s".formatted(program.symbol(), cause),
          program.remedy());
    }
    boolean missed = takes(program);
    refused.add(program);
    if (missed) {
      degradations.add(
          new Degradation(program.loss(), program.symbol() + ": " + cause, program.remedy()));
    }
  }

  List<Degradation> degradations() {
    return List.copyOf(degradations);
  }

  private boolean isOpen(AttachType way) {
    return refused.stream()
        .noneMatch(program -> program.ofSyscalls() && program.attachType() == way);
  }
}
