package dev.rastro.daemon.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.rastro.v1.TracerGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A request made of bytes that mean nothing: to any of the methods, with any of the fields, of
 * values that matter and of others; or what is left of one when some of its bytes are others.
 *
 * @param method of the tracer
 * @param body as it travels
 */
record RandomRequest(MethodDescriptor<?, ?> method, ByteString body) {
  private static final List<MethodDescriptor<?, ?>> METHODS =
      TracerGrpc.getServiceDescriptor().getMethods().stream()
          .<MethodDescriptor<?, ?>>map(method -> method)
          .toList();
  private static final int DEEPEST = 4;
  private static final int FEW = 4;
  private static final int MANY = 2000;
  private static final long[] NUMBERS = {
    0,
    1,
    2,
    3,
    63,
    64,
    300,
    301,
    4096,
    32_768,
    32_769,
    1 << 20,
    1 << 26,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    -1,
    60_000_000_000L,
    60_000_000_001L,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };
  private static final List<String> WORDS =
      List.of(
          "",
          "openat",
          "?none",
          "%file",
          "%",
          "/^get",
          "/(",
          "/(a+)+$",
          "!",
          "all",
          "none",
          "SIGCHLD",
          "chld",
          "999",
          "-1",
          "ENOENT",
          "0",
          "1024",
          "root",
          "65534",
          "no such user",
          "/bin/sh",
          "/proc/1/exe",
          "/proc/self/fd/0",
          "../..",
          "/",
          "nginx",
          "init.scope",
          "-.mount",
          "a@b.service",
          "0123456789ab",
          "/system.slice",
          "/../..",
          "x".repeat(5000),
          "\u0000",
          "\n\r\u001b[2J",
          "\ud83d\ude80",
          "%s%n",
          "${jndi:ldap://x}",
          "*",
          "[",
          "\\",
          "3-",
          "0-1023",
          "*.pem");

  /** Draws from the bytes; when they are used up, it is all zeros. */
  private record Source(ByteBuffer bytes) {
    int next(int bound) {
      int drawn = 0;
      for (int range = bound; range > 1; range = (range + 255) / 256) {
        drawn = drawn << 8 | (bytes.hasRemaining() ? bytes.get() & 0xFF : 0);
      }
      return Math.floorMod(drawn, bound);
    }

    boolean oneIn(int times) {
      return next(times) == times - 1;
    }
  }

  static RandomRequest of(byte[] data) {
    Source source = new Source(ByteBuffer.wrap(data));
    MethodDescriptor<?, ?> method = METHODS.get(source.next(METHODS.size()));
    byte[] body = message(method, source).toByteArray();
    if (source.oneIn(8) && body.length > 0) {
      for (int i = source.next(8); i >= 0; i--) {
        body[source.next(body.length)] = (byte) source.next(256);
      }
    }
    ByteString bytes = ByteString.copyFrom(body);
    return new RandomRequest(method, source.oneIn(16) ? bytes.substring(body.length / 2) : bytes);
  }

  private static Message message(MethodDescriptor<?, ?> method, Source source) {
    var schema = (ProtoMethodDescriptorSupplier) method.getSchemaDescriptor();
    var prototype = (MethodDescriptor.PrototypeMarshaller<?>) method.getRequestMarshaller();
    Message.Builder request = ((Message) prototype.getMessagePrototype()).newBuilderForType();
    if (!schema.getMethodDescriptor().getInputType().equals(request.getDescriptorForType())) {
      throw new IllegalStateException(method.getFullMethodName());
    }
    fill(request, source, 0);
    return request.build();
  }

  private static void fill(Message.Builder message, Source source, int depth) {
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (source.next(3) != 0 || (depth == DEEPEST && isMessage(field))) {
        continue;
      }
      if (field.isRepeated()) {
        int count = source.oneIn(64) ? MANY : source.next(FEW);
        for (int i = 0; i < count; i++) {
          message.addRepeatedField(field, value(message, field, source, depth));
        }
      } else {
        message.setField(field, value(message, field, source, depth));
      }
    }
  }

  private static boolean isMessage(FieldDescriptor field) {
    return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
  }

  private static Object value(
      Message.Builder message, FieldDescriptor field, Source source, int depth) {
    return switch (field.getJavaType()) {
      case INT -> (int) number(source);
      case LONG -> number(source);
      case BOOLEAN -> source.oneIn(2);
      case STRING -> WORDS.get(source.next(WORDS.size()));
      case BYTE_STRING -> ByteString.copyFromUtf8(WORDS.get(source.next(WORDS.size())));
      case ENUM -> enumeration(field.getEnumType(), source);
      case MESSAGE -> {
        Message.Builder inner = message.newBuilderForField(field);
        fill(inner, source, depth + 1);
        yield inner.build();
      }
      case FLOAT -> (float) number(source);
      case DOUBLE -> (double) number(source);
    };
  }

  private static Object enumeration(EnumDescriptor type, Source source) {
    return source.oneIn(8)
        ? type.findValueByNumberCreatingIfUnknown(99)
        : type.getValues().get(source.next(type.getValues().size()));
  }

  private static long number(Source source) {
    return switch (source.next(4)) {
      case 0 -> ProcessHandle.current().pid();
      case 1 -> source.next(70_000);
      default -> NUMBERS[source.next(NUMBERS.length)];
    };
  }

  /** All methods, to tell which were tried. */
  static List<String> methods() {
    return new ArrayList<>(METHODS.stream().map(MethodDescriptor::getBareMethodName).toList());
  }
}
