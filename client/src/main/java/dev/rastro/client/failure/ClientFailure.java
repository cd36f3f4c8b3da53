package dev.rastro.client.failure;

/**
 * Something that the user has to know and that ends the command.
 *
 * <p>The message stands after {@code rastro: }; it says what was wrong, where, and what to do.
 */
public final class ClientFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitStatus;

  public ClientFailure(int exitStatus, String message) {
    super(message, null, false, false);
    this.exitStatus = exitStatus;
  }

  public static ClientFailure usage(String message) {
    return new ClientFailure(ExitStatus.USAGE, message);
  }

  public static ClientFailure failed(String message) {
    return new ClientFailure(ExitStatus.FAILED, message);
  }

  public int exitStatus() {
    return exitStatus;
  }
}
