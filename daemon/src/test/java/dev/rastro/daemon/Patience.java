package dev.rastro.daemon;

import java.time.Duration;

/** How long a test waits for what must come. It is reached only by failures. */
public final class Patience {
  /** Longer than anything here takes on a busy machine; an emulated one may be given more. */
  public static final Duration LIMIT =
      Duration.ofSeconds(Integer.getInteger("rastro.patience", 300));

  private Patience() {}
}
