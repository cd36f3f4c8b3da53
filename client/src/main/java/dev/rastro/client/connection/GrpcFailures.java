package dev.rastro.client.connection;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import dev.rastro.client.failure.ClientFailure;
import dev.rastro.client.failure.ExitStatus;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Turns what gRPC says into what a person can use. */
final class GrpcFailures {
  private static final String REMEDY = "remedy";

  private final String endpoint;

  GrpcFailures(String endpoint) {
    this.endpoint = endpoint;
  }

  ClientFailure translate(StatusRuntimeException failed) {
    Status status = failed.getStatus();
    List<Any> details =
        Optional.ofNullable(StatusProto.fromThrowable(failed))
            .map(com.google.rpc.Status::getDetailsList)
            .orElse(List.of());
    String said = Optional.ofNullable(status.getDescription()).orElse(status.getCode().toString());
    String text = said + remedy(details, said);
    return switch (status.getCode()) {
      case INVALID_ARGUMENT -> ClientFailure.usage(violations(details).orElse(text));
      case NOT_FOUND ->
          ClientFailure.failed(
              isAboutSums(details) ? said : "attach: " + said.replaceFirst("^attach: ", ""));
      case PERMISSION_DENIED, UNAUTHENTICATED -> new ClientFailure(ExitStatus.NO_PERMISSION, text);
      case RESOURCE_EXHAUSTED -> new ClientFailure(ExitStatus.TRY_AGAIN, text);
      case UNAVAILABLE -> unavailable(status, said);
      case UNIMPLEMENTED, UNKNOWN, INTERNAL -> unfit(status, text);
      case DEADLINE_EXCEEDED ->
          new ClientFailure(
              ExitStatus.UNAVAILABLE, "rastrod at " + endpoint + " did not answer in time");
      default -> ClientFailure.failed(text);
    };
  }

  private ClientFailure unavailable(Status status, String said) {
    Optional<ClientFailure> untrusted = TlsContext.failure(endpoint, status.getCause());
    if (untrusted.isPresent()) {
      return untrusted.get();
    }
    String cause = Optional.ofNullable(status.getCause()).map(Throwable::getMessage).orElse("");
    String text = cause.isEmpty() || said.contains(cause) ? said : said + ": " + cause;
    return new ClientFailure(
        ExitStatus.UNAVAILABLE,
        "lost rastrod at "
            + endpoint
            + ", or what listens there is something else: "
            + text.lines().findFirst().orElse(""));
  }

  private ClientFailure unfit(Status status, String text) {
    return status.getCode() == Status.Code.UNIMPLEMENTED
        ? new ClientFailure(
            ExitStatus.UNAVAILABLE,
            "what listens at " + endpoint + " is not a rastrod of this version: " + text)
        : ClientFailure.failed("rastrod at " + endpoint + " failed: " + text);
  }

  private static Optional<String> violations(List<Any> details) {
    return detail(details, BadRequest.class)
        .map(
            bad ->
                bad.getFieldViolationsList().stream()
                    .map(GrpcFailures::withoutField)
                    .collect(Collectors.joining("; ")))
        .filter(text -> !text.isEmpty());
  }

  /** The field is the request's: who typed an option does not know it. */
  private static String withoutField(BadRequest.FieldViolation violation) {
    String field = violation.getField() + ": ";
    String text = violation.getDescription();
    return text.startsWith(field) ? text.substring(field.length()) : text;
  }

  /** Else it is about a process. */
  private static boolean isAboutSums(List<Any> details) {
    return detail(details, ErrorInfo.class)
        .filter(info -> info.getReason().equals("NO_SUCH_SNAPSHOT"))
        .isPresent();
  }

  private static String remedy(List<Any> details, String said) {
    return detail(details, ErrorInfo.class)
        .map(info -> info.getMetadataOrDefault(REMEDY, ""))
        .filter(remedy -> !remedy.isEmpty() && !said.contains(remedy))
        .map(remedy -> "; " + remedy)
        .orElse("");
  }

  private static <T extends com.google.protobuf.Message> Optional<T> detail(
      List<Any> details, Class<T> type) {
    for (Any detail : details) {
      if (detail.is(type)) {
        try {
          return Optional.of(detail.unpack(type));
        } catch (InvalidProtocolBufferException fromANewerDaemon) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }
}
