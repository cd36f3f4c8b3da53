// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a stream lacks at one place: at most one gap for each cause, and what was only counted. */
final class Lack {
  private final List<Gap> gaps = new ArrayList<>(Loss.COUNT);
  private Optional<Counts> counts = Optional.empty();

  boolean isEmpty() {
    return gaps.isEmpty() && counts.isEmpty();
  }

  List<Gap> gaps() {
    return List.copyOf(gaps);
  }

  Optional<Counts> counts() {
    return counts;
  }

  void add(Gap later) {
    for (int i = 0; i < gaps.size(); i++) {
      if (gaps.get(i).cause() == later.cause()) {
        gaps.set(i, gaps.get(i).and(later));
        return;
      }
    }
    gaps.add(later);
  }

  /**
   * @param later given away
   * @return the same, empty, if it was not needed
   */
  Optional<Counts> add(Counts later) {
    if (counts.isEmpty()) {
      counts = Optional.of(later);
      return Optional.empty();
    }
    counts.get().add(later);
    later.clear();
    return Optional.of(later);
  }

  /** Takes over what another has, which is behind this one; that one is empty then. */
  void append(Lack later) {
    later.gaps.forEach(this::add);
    if (later.counts.isPresent()) {
      var unused = add(later.counts.get());
    }
    later.clear();
  }

  /** The same of one that is before this one. */
  void prepend(Lack earlier) {
    Lack later = new Lack();
    later.append(this);
    append(earlier);
    append(later);
  }

  void clear() {
    gaps.clear();
    counts = Optional.empty();
  }
}
