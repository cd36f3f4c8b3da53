package dev.rastro.daemon.access;

/** How much of a process somebody may see; each includes those before. */
public enum Sight {
  NOTHING,
  /** Names, counts, errors and durations. */
  FIGURES,
  /** Arguments, paths, buffers: all that is captured. */
  FULL
}
