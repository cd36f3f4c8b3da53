package dev.rastro.daemon.rpc;

/**
 * Bounds of the transport. What is beyond is refused, or the connection ends. Those of time are in
 * {@link Patience}.
 */
final class ServerLimits {

  /** Of one request: filters and pids, nothing larger. */
  static final int MAX_REQUEST_BYTES = 256 << 10;

  /** Of one call's headers. */
  static final int MAX_HEADER_BYTES = 8 << 10;

  static final int MAX_CALLS_PER_CONNECTION = 128;

  /** Calls broken off over one connection (rapid reset), and in what time. */
  static final int MAX_RESETS = 400;

  static final int RESET_SECONDS = 30;

  /** Connections of each socket that is served. */
  static final int MAX_CONNECTIONS = 256;

  static final int MAX_CONNECTIONS_OF_STRANGERS = 128;
  static final int MAX_CONNECTIONS_OF_NETWORK = 128;

  /** Clients over a network may ask as often. */
  static final int PERMITTED_KEEPALIVE_SECONDS = 15;

  /** Time in which a connection that is one too many can tell its client so. */
  static final int REFUSED_MILLIS = 2000;

  private ServerLimits() {}
}
