package dev.rastro.daemon.rpc;

import dev.rastro.daemon.detail.Detail;
import dev.rastro.daemon.session.Batch;
import dev.rastro.daemon.session.Counts;
import dev.rastro.daemon.session.Session;
import dev.rastro.v1.Ended;
import dev.rastro.v1.Gap;
import dev.rastro.v1.Progress;
import java.util.Optional;

/**
 * How a stream's parts are put into its RPC's message. One object serves one stream and is used by
 * one thread at a time.
 */
interface Messages<T> {

  /**
   * @param resumed whether it goes on with an earlier stream
   */
  T started(Session session, boolean resumed);

  /**
   * Empty when the batch holds nothing that makes an event, such as an entry without its return.
   * Where no history keeps it, the message refers to the batch's bytes: it must have been sent when
   * the batch is given back. (gRPC over Netty has copied a message when {@code onNext} returns.)
   */
  Optional<T> events(Batch batch, long cursor);

  T gap(Gap gap);

  /** What follows has this much detail. */
  T detail(Detail detail);

  /** What was only counted. */
  T counts(Counts counts, long cursor);

  T progress(Progress progress);

  T ended(Ended ended);
}
