package dev.rastro.daemon.rpc;

import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.StatusRuntimeException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads requests. gRPC takes one that cannot be read for a defect of the service: it would answer
 * UNKNOWN and log a stack trace, for whoever likes to see the log full. Here something stands in
 * its place that the gate knows.
 */
final class Requests {
  private Requests() {}

  /** The same service, whose requests may be {@link #isUnreadable}. */
  static ServerServiceDefinition readable(ServerServiceDefinition service) {
    List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>();
    service.getMethods().forEach(method -> methods.add(readable(method)));
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(service.getServiceDescriptor().getName())
            .setSchemaDescriptor(service.getServiceDescriptor().getSchemaDescriptor());
    methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
    ServerServiceDefinition.Builder same = ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(same::addMethod);
    return same.build();
  }

  private static <Q, A> ServerMethodDefinition<Q, A> readable(ServerMethodDefinition<Q, A> method) {
    MethodDescriptor<Q, A> descriptor = method.getMethodDescriptor();
    return ServerMethodDefinition.create(
        descriptor.toBuilder(
                new Reading<>(descriptor.getRequestMarshaller()),
                descriptor.getResponseMarshaller())
            .build(),
        method.getServerCallHandler());
  }

  /** Whether the method's client has sent what is no message. */
  static boolean isUnreadable(MethodDescriptor<?, ?> method, Object message) {
    return method.getRequestMarshaller() instanceof Reading<?> reading
        && reading.unreadable == message;
  }

  private static final class Reading<Q> implements MethodDescriptor.Marshaller<Q> {
    private final MethodDescriptor.Marshaller<Q> marshaller;

    /** An empty message that is the same as no other. */
    private final Q unreadable;

    Reading(MethodDescriptor.Marshaller<Q> marshaller) {
      this.marshaller = marshaller;
      this.unreadable = marshaller.parse(InputStream.nullInputStream());
    }

    @Override
    public InputStream stream(Q value) {
      return marshaller.stream(value);
    }

    @Override
    public Q parse(InputStream stream) {
      try {
        return marshaller.parse(stream);
      } catch (StatusRuntimeException cannot) {
        return unreadable;
      }
    }
  }
}
