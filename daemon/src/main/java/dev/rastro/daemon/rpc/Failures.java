package dev.rastro.daemon.rpc;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.rastro.daemon.access.Caller;
import dev.rastro.daemon.access.LimitReached;
import dev.rastro.daemon.aggregate.NoSuchMoment;
import dev.rastro.daemon.kernel.CaptureException;
import dev.rastro.daemon.session.BadFilter;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Failures as {@code google.rpc.Status}: what was wrong, where, and what to do. */
final class Failures {

  static final String DOMAIN = "rastro.dev";
  static final String REMEDY = "remedy";

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  /** Characters of a message; each may take nine bytes of a header. */
  private static final int MAX_MESSAGE = 400;

  /** After which a place may be free that was taken. */
  private static final long RETRY_NANOS = NANOS_PER_SECOND;

  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  /** Of whatever an RPC ran into. */
  static StatusRuntimeException of(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof StatusRuntimeException already) {
      return already;
    }
    if (cause instanceof BadFilter bad) {
      return invalid(bad.field(), bad.getMessage());
    }
    if (cause instanceof NoSuchMoment gone) {
      return notFound("NO_SUCH_SNAPSHOT", gone.getMessage(), "ask with keep_snapshot again");
    }
    if (cause instanceof CaptureException refused) {
      return of(refused);
    }
    if (cause instanceof LimitReached limit) {
      return of(limit);
    }
    LOG.atError().setCause(cause).log("call failed");
    return StatusProto.toStatusRuntimeException(
        status(
                Code.INTERNAL,
                "the daemon failed: " + cause.getClass().getSimpleName(),
                info("INTERNAL", "see the daemon's log"))
            .build());
  }

  static StatusRuntimeException of(CaptureException refused) {
    Code code =
        switch (refused.reason()) {
          case NO_SUCH_PROCESS -> Code.NOT_FOUND;
          case FORBIDDEN -> Code.PERMISSION_DENIED;
          case EXHAUSTED -> Code.RESOURCE_EXHAUSTED;
          case PRIVILEGE, UNSUPPORTED, MISSING_LIBRARY -> Code.FAILED_PRECONDITION;
          case INTERNAL -> Code.INTERNAL;
        };
    ErrorInfo info = info(refused.reason().name(), refused.remedy());
    if (code == Code.PERMISSION_DENIED) {
      info = info.toBuilder().putMetadata("needs", "its owner, or role tracer").build();
    }
    Status.Builder status = status(code, refused.getMessage(), info);
    if (code == Code.RESOURCE_EXHAUSTED) {
      status.addDetails(Any.pack(retryAfter(RETRY_NANOS)));
    }
    return StatusProto.toStatusRuntimeException(status.build());
  }

  static StatusRuntimeException of(LimitReached limit) {
    ErrorInfo info =
        info("LIMIT_REACHED", "end what you no longer need, or ask later").toBuilder()
            .putMetadata("limit", limit.limit())
            .putMetadata("value", Long.toString(limit.value()))
            .build();
    return StatusProto.toStatusRuntimeException(
        status(Code.RESOURCE_EXHAUSTED, limit.getMessage(), info)
            .addDetails(Any.pack(retryAfter(limit.retryNanos())))
            .build());
  }

  /**
   * What somebody may not.
   *
   * @param needs a role, or whose account
   */
  static StatusRuntimeException denied(String reason, String message, String needs, String remedy) {
    return StatusProto.toStatusRuntimeException(
        status(
                Code.PERMISSION_DENIED,
                message,
                info(reason, remedy).toBuilder().putMetadata("needs", needs).build())
            .build());
  }

  static StatusRuntimeException notYours(int pid, Caller caller) {
    return denied(
        CaptureException.Reason.FORBIDDEN.name(),
        "not permitted: process %d; you may see %s".formatted(pid, caller.figures().words()),
        "its owner, or role viewer",
        "ask as its owner or as root");
  }

  private static RetryInfo retryAfter(long nanos) {
    return RetryInfo.newBuilder()
        .setRetryDelay(
            Duration.newBuilder()
                .setSeconds(nanos / NANOS_PER_SECOND)
                .setNanos((int) (nanos % NANOS_PER_SECOND)))
        .build();
  }

  /**
   * @param message begins with the field
   */
  static StatusRuntimeException invalid(String field, String message) {
    BadRequest bad =
        BadRequest.newBuilder()
            .addFieldViolations(
                BadRequest.FieldViolation.newBuilder().setField(field).setDescription(cut(message)))
            .build();
    return StatusProto.toStatusRuntimeException(
        Status.newBuilder()
            .setCode(Code.INVALID_ARGUMENT.getNumber())
            .setMessage(cut(message))
            .addDetails(Any.pack(bad))
            .addDetails(Any.pack(info("INVALID_ARGUMENT", "")))
            .build());
  }

  static StatusRuntimeException notFound(String reason, String message, String remedy) {
    return StatusProto.toStatusRuntimeException(
        status(Code.NOT_FOUND, message, info(reason, remedy)).build());
  }

  /** Of a session that is to be resumed. */
  static StatusRuntimeException noSuchSession(String id) {
    return notFound(
        "NO_SUCH_SESSION",
        "resume.session_id: %s: no such session; it has ended, or the daemon was started anew"
            .formatted(id),
        "begin a new stream");
  }

  private static Status.Builder status(Code code, String message, ErrorInfo info) {
    return Status.newBuilder()
        .setCode(code.getNumber())
        .setMessage(cut(message))
        .addDetails(Any.pack(info));
  }

  /** It may say again what was asked, and travels in headers, which are not to be long. */
  private static String cut(String message) {
    return message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE) + "...";
  }

  private static ErrorInfo info(String reason, String remedy) {
    ErrorInfo.Builder info = ErrorInfo.newBuilder().setReason(reason).setDomain(DOMAIN);
    if (!remedy.isEmpty()) {
      info.putMetadata(REMEDY, remedy);
    }
    return info.build();
  }
}
