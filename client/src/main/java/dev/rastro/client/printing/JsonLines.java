package dev.rastro.client.printing;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;

/** One JSON object a line, in protobuf's own mapping: names in lowerCamelCase, 64-bit as text. */
public final class JsonLines {
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().omittingInsignificantWhitespace();

  private JsonLines() {}

  /**
   * The message that a line stands for; what this version does not know is passed over.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static <T extends Message.Builder> T parse(String json, T into) {
    try {
      JsonFormat.parser().ignoringUnknownFields().merge(json, into);
      return into;
    } catch (InvalidProtocolBufferException wrong) {
      throw new IllegalArgumentException(wrong.getMessage(), wrong);
    }
  }

  /** With its newline. */
  public static String line(MessageOrBuilder message) {
    try {
      return PRINTER.print(message) + "\n";
    } catch (InvalidProtocolBufferException unknownAny) {
      throw new IllegalArgumentException(unknownAny);
    }
  }
}
