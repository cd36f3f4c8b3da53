// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import java.util.List;
import org.junit.jupiter.api.Test;

class AbandonedWritesTest {
  @Test
  void onlyThatAClientIsGoneIsKeptOutOfTheLog() throws Exception {
    LoggerContext context = new LoggerContext();
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(AbandonedWrites.class.getResource("/logback.xml"));
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    root.addAppender(log);

    warn(context.getLogger(AbandonedWrites.LOGGER), AbandonedWrites.MESSAGE);
    warn(context.getLogger(AbandonedWrites.LOGGER), "another");
    warn(context.getLogger("io.grpc.netty.NettyServerTransport"), AbandonedWrites.MESSAGE);

    List<String> told =
        log.list.stream().map(event -> event.getThrowableProxy().getMessage()).toList();
    assertEquals(List.of("another", AbandonedWrites.MESSAGE), told);
  }

  private static void warn(Logger logger, String message) {
    logger.warn("Stream Error", Http2Exception.streamError(3, Http2Error.CANCEL, message));
  }
}
