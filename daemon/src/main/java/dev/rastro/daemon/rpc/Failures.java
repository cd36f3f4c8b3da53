package dev.rastro.daemon.rpc;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
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
    LOG.atError().setCause(cause).log("call failed");
    return status(Code.INTERNAL, "INTERNAL", String.valueOf(cause), "see the daemon's log");
  }

  static StatusRuntimeException of(CaptureException refused) {
    Code code =
        switch (refused.reason()) {
          case NO_SUCH_PROCESS -> Code.NOT_FOUND;
          case EXHAUSTED -> Code.RESOURCE_EXHAUSTED;
          case PRIVILEGE, UNSUPPORTED, MISSING_LIBRARY -> Code.FAILED_PRECONDITION;
          case INTERNAL -> Code.INTERNAL;
        };
    return status(code, refused.reason().name(), refused.getMessage(), refused.remedy());
  }

  /**
   * @param message begins with the field
   */
  static StatusRuntimeException invalid(String field, String message) {
    BadRequest bad =
        BadRequest.newBuilder()
            .addFieldViolations(
                BadRequest.FieldViolation.newBuilder().setField(field).setDescription(message))
            .build();
    return StatusProto.toStatusRuntimeException(
        Status.newBuilder()
            .setCode(Code.INVALID_ARGUMENT.getNumber())
            .setMessage(message)
            .addDetails(Any.pack(bad))
            .addDetails(Any.pack(info("INVALID_ARGUMENT", "")))
            .build());
  }

  static StatusRuntimeException notFound(String reason, String message, String remedy) {
    return status(Code.NOT_FOUND, reason, message, remedy);
  }

  /** Of a session that is to be resumed. */
  static StatusRuntimeException noSuchSession(String id) {
    return notFound(
        "NO_SUCH_SESSION",
        "resume.session_id: %s: no such session; it has ended, or the daemon was started anew"
            .formatted(id),
        "begin a new stream");
  }

  private static StatusRuntimeException status(
      Code code, String reason, String message, String remedy) {
    return StatusProto.toStatusRuntimeException(
        Status.newBuilder()
            .setCode(code.getNumber())
            .setMessage(message)
            .addDetails(Any.pack(info(reason, remedy)))
            .build());
  }

  private static ErrorInfo info(String reason, String remedy) {
    ErrorInfo.Builder info = ErrorInfo.newBuilder().setReason(reason).setDomain(DOMAIN);
    if (!remedy.isEmpty()) {
      info.putMetadata(REMEDY, remedy);
    }
    return info.build();
  }
}
