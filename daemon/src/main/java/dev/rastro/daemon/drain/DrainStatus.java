package dev.rastro.daemon.drain;

import dev.rastro.daemon.kernel.LossCause;
import dev.rastro.daemon.kernel.ProgramStatus;
import java.util.List;
import java.util.Map;

/**
 * The drain and the capture at one moment.
 *
 * @param ringPeakBytes the most that was pending at the start of a pass
 * @param records read from the ring since the start
 * @param lost by cause since the start
 * @param kernelMapBytes memory of the kernel's maps, as the kernel accounts it
 */
public record DrainStatus(
    boolean attached,
    List<ProgramStatus> programs,
    long ringCapacityBytes,
    long ringUsedBytes,
    long ringPeakBytes,
    long records,
    Map<LossCause, Long> lost,
    long kernelMapBytes,
    List<SessionBooks> sessions,
    List<Usage> limits) {
  public DrainStatus {
    programs = List.copyOf(programs);
    lost = Map.copyOf(lost);
    sessions = List.copyOf(sessions);
    limits = List.copyOf(limits);
  }

  /** The account of one open session, and how many processes of its target are alive. */
  public record SessionBooks(int bit, Books books, int processesAlive) {}

  /** A named limit and how much of it is taken. */
  public record Usage(String name, long limit, long inUse, String unit) {}
}
