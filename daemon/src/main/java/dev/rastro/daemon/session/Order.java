package dev.rastro.daemon.session;

import dev.rastro.daemon.access.Caller;
import dev.rastro.daemon.access.Sight;
import dev.rastro.daemon.drain.Choice;
import dev.rastro.daemon.drain.Wish;
import java.util.List;
import java.util.Optional;

/**
 * What somebody wants to watch, and how.
 *
 * @param caller who asked, and owns what comes of it
 * @param sight how much of an event leaves the daemon
 * @param names those in the target that may come to stand for something else
 * @param screen what of the filter the kernel cannot do
 */
public record Order(
    Wish wish,
    Form form,
    Terms terms,
    Caller caller,
    Sight sight,
    Optional<Names> names,
    Screen screen) {

  /** Names of units, files and the like. Any thread; may read files. */
  public interface Names {
    /** What they stand for now. */
    Choice resolve() throws BadFilter;

    /** Those that stand for nothing at the moment. */
    List<String> missing();
  }

  /** In which form a session's events leave the daemon. */
  public enum Form {
    DECODED,
    PACKED,
    /** None do: only the kernel's counters run. */
    COUNT
  }
}
