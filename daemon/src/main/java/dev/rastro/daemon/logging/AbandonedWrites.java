// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.slf4j.Marker;

/**
 * Keeps out of the log what gRPC warns of, with a stack, whenever a client goes while something is
 * still to be sent to it. Clients may go at any time.
 */
public final class AbandonedWrites extends TurboFilter {
  static final String LOGGER = "io.grpc.netty.NettyServerHandler";
  static final String MESSAGE = "Stream closed before write could take place";

  @Override
  public FilterReply decide(
      Marker marker,
      Logger logger,
      Level level,
      String format,
      Object[] parameters,
      Throwable thrown) {
    return thrown != null && MESSAGE.equals(thrown.getMessage()) && logger.getName().equals(LOGGER)
        ? FilterReply.DENY
        : FilterReply.NEUTRAL;
  }
}
