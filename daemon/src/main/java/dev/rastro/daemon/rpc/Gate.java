package dev.rastro.daemon.rpc;

import dev.rastro.daemon.access.AccessRules;
import dev.rastro.daemon.access.Caller;
import dev.rastro.daemon.access.LimitReached;
import dev.rastro.daemon.access.Peers;
import dev.rastro.daemon.access.Question;
import dev.rastro.v1.TracerGrpc;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Through here every call must go: who may not ask, asks too much or takes too long to ask is
 * refused. Health and reflection are open to all who can connect, within the same limits.
 */
final class Gate implements ServerInterceptor {
  private static final Context.Key<Caller> CALLER = Context.key("caller");

  private final Peers peers;
  private final ScheduledExecutorService timer;
  private final Patience patience;

  Gate(Peers peers, ScheduledExecutorService timer, Patience patience) {
    this.peers = peers;
    this.timer = timer;
    this.patience = patience;
  }

  /** Of the call that the current thread serves. */
  static Caller caller() {
    Caller caller = CALLER.get();
    return caller == null ? AccessRules.stranger("unknown") : caller;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Optional<Connection> connection = Optional.ofNullable(call.getAttributes().get(Connection.KEY));
    Caller caller =
        connection.flatMap(Connection::caller).orElseGet(() -> AccessRules.stranger("unknown"));
    ServerCall<Q, A> audited = new Audited<>(call, caller, peers);
    try {
      refuseUnlessAllowed(call.getMethodDescriptor(), caller);
      Optional<LimitReached> refusal = connection.flatMap(Connection::refusal);
      if (refusal.isPresent()) {
        throw refusal.get();
      }
      peers.beginCall(caller, cost(call.getMethodDescriptor()));
    } catch (StatusRuntimeException | LimitReached e) {
      StatusRuntimeException refused = Failures.of(e);
      audited.close(refused.getStatus(), refused.getTrailers());
      return new ServerCall.Listener<>() {};
    }
    Asking<Q> asking = new Asking<>(audited, caller, connection);
    try {
      return asking.of(
          Contexts.interceptCall(
              Context.current().withValue(CALLER, caller), audited, headers, next));
    } catch (RuntimeException e) {
      asking.end();
      throw e;
    }
  }

  private static int cost(MethodDescriptor<?, ?> method) {
    return Question.of(String.valueOf(method.getBareMethodName())).map(Question::cost).orElse(1);
  }

  private static void refuseUnlessAllowed(MethodDescriptor<?, ?> method, Caller caller) {
    if (!TracerGrpc.SERVICE_NAME.equals(method.getServiceName())) {
      return;
    }
    if (caller.isNobody()) {
      throw Failures.denied(
          "NO_ROLE",
          "not permitted: %s has no role".formatted(caller.name()),
          "role viewer",
          "have rastrod started with --tls-role viewer=SUBJECT, for instance");
    }
    if (Question.of(String.valueOf(method.getBareMethodName())).isEmpty()) {
      throw Failures.denied(
          "NO_RULE",
          "not permitted: there is no rule for " + method.getFullMethodName(),
          "a newer daemon",
          "report it");
    }
  }

  /** From a call's begin to its end; its request must be there in time. */
  private final class Asking<Q> {
    private final ServerCall<?, ?> call;
    private final Caller caller;
    private final Optional<Connection> connection;
    private final AtomicBoolean asked = new AtomicBoolean();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Optional<ScheduledFuture<?>> deadline;

    Asking(ServerCall<?, ?> call, Caller caller, Optional<Connection> connection) {
      this.call = call;
      this.caller = caller;
      this.connection = connection;
      // Only what is asked with one message is not answered before it is whole: a stream of
      // questions may go on.
      this.deadline =
          call.getMethodDescriptor().getType().clientSendsOneMessage()
              ? Optional.of(timer.schedule(this::tooLate, patience.request(), TimeUnit.SECONDS))
              : Optional.empty();
    }

    private void tooLate() {
      if (asked.compareAndSet(false, true)) {
        call.close(
            Status.DEADLINE_EXCEEDED.withDescription(
                "the request was not there within %d s".formatted(patience.request())),
            new Metadata());
        // Else the client could keep what is left of the call, and with it the connection, for
        // ever.
        connection.ifPresent(slow -> slow.closeAfter(ServerLimits.REFUSED_MILLIS));
      }
    }

    void end() {
      deadline.ifPresent(late -> late.cancel(false));
      if (ended.compareAndSet(false, true)) {
        peers.endCall(caller);
      }
    }

    ServerCall.Listener<Q> of(ServerCall.Listener<Q> listener) {
      return new SimpleForwardingServerCallListener<>(listener) {
        @Override
        public void onMessage(Q message) {
          if (!Requests.isUnreadable(call.getMethodDescriptor(), message)) {
            super.onMessage(message);
          } else if (asked.compareAndSet(false, true)) {
            StatusRuntimeException refused =
                Failures.invalid("request", "request: it is no message of this kind");
            call.close(refused.getStatus(), refused.getTrailers());
          }
        }

        @Override
        public void onHalfClose() {
          if (asked.compareAndSet(false, true)) {
            deadline.ifPresent(late -> late.cancel(false));
            super.onHalfClose();
          }
        }

        @Override
        public void onCancel() {
          end();
          super.onCancel();
        }

        @Override
        public void onComplete() {
          end();
          super.onComplete();
        }
      };
    }
  }

  /** Notes what was refused, whoever refused it. */
  private static final class Audited<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private final Caller caller;
    private final Peers peers;
    private boolean answered;

    Audited(ServerCall<Q, A> call, Caller caller, Peers peers) {
      super(call);
      this.caller = caller;
      this.peers = peers;
    }

    @Override
    public void sendMessage(A message) {
      answered = true;
      super.sendMessage(message);
    }

    @Override
    public void close(Status status, Metadata trailers) {
      String rpc = String.valueOf(getMethodDescriptor().getBareMethodName());
      switch (status.getCode()) {
        case PERMISSION_DENIED, UNAUTHENTICATED, RESOURCE_EXHAUSTED -> {
          if (!answered) {
            Audit.refused(rpc, caller, status, peers);
          }
        }
        case OK -> {
          if (Question.of(rpc).filter(Question::isAudited).isPresent()) {
            Audit.answered(rpc, caller);
          }
        }
        default -> {}
      }
      super.close(status, trailers);
    }
  }
}
