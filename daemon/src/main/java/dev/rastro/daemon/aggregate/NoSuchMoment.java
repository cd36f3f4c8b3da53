package dev.rastro.daemon.aggregate;

/** A moment that was never kept, or is kept no more. */
public final class NoSuchMoment extends RuntimeException {
  private static final long serialVersionUID = 1;

  NoSuchMoment(String name) {
    super("snapshot %s is not kept; only the last few are".formatted(name));
  }
}
