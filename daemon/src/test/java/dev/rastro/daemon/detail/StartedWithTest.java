// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.detail;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rastro.syscalls.record.RecordLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class StartedWithTest {
  /** Not at the beginning of what it stands in. */
  private static final int AT = 24;

  private final byte[] bytes = new byte[AT + RecordLayout.EXEC_BYTES + 8];
  private final ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  private final StartedWith startedWith = new StartedWith(Secrets.USUAL);

  /** Arguments, each with the zero behind it. */
  private void put(String arguments) {
    byte[] text = arguments.getBytes(StandardCharsets.ISO_8859_1);
    int from = AT + RecordLayout.EXEC_ARGUMENTS_OFFSET;
    view.put(from, new byte[RecordLayout.ARGUMENT_BYTES]);
    view.put(from, text, 0, Math.min(text.length, RecordLayout.ARGUMENT_BYTES));
    view.putInt(AT + RecordLayout.EXEC_ARGUMENT_BYTES_OFFSET, text.length);
  }

  private String told() {
    int told = view.getInt(AT + RecordLayout.EXEC_ARGUMENT_BYTES_OFFSET);
    return new String(
        bytes, AT + RecordLayout.EXEC_ARGUMENTS_OFFSET, told, StandardCharsets.ISO_8859_1);
  }

  private boolean holds(String text) {
    return new String(bytes, StandardCharsets.ISO_8859_1).contains(text);
  }

  @Test
  void leavesHarmlessArgumentsAsTheyAre() {
    put("ls\0-l\0/etc\0");
    byte[] before = bytes.clone();
    assertFalse(startedWith.hide(view, AT));
    assertArrayEquals(before, bytes);
  }

  @Test
  void anArgumentEndsWhereItsSecretBegins() {
    put("curl\0--token=canary\0https://example.org\0");
    assertTrue(startedWith.hide(view, AT));
    assertEquals("curl\0--token=\0https://example.org\0", told());
    assertFalse(holds("canary"));
  }

  @Test
  void theArgumentBehindAnOptionIsTheSecret() {
    put("mysql\0--password\0canary\0db\0");
    assertTrue(startedWith.hide(view, AT));
    assertEquals("mysql\0--password\0\0db\0", told());
    assertFalse(holds("canary"));
  }

  /** The kernel tells how long they were, though it keeps no more than there is room for. */
  @Test
  void whatWasCutIsLookedAtAsFarAsItGoes() {
    put("env\0API_TOKEN=" + "canary".repeat(100));
    assertTrue(startedWith.hide(view, AT));
    assertEquals("env\0API_TOKEN=", told());
    assertFalse(holds("canary"));
  }

  @Test
  void clearTakesAllOfIt() {
    put("canary\0");
    StartedWith.clear(view, AT);
    assertEquals("", told());
    assertFalse(holds("canary"));
  }

  /** What one program was asked says nothing about the next one's first argument. */
  @Test
  void aProgramsLastOptionIsNotTheNextOnes() {
    put("tool\0--password\0");
    assertFalse(startedWith.hide(view, AT));
    put("other\0-v\0");
    assertFalse(startedWith.hide(view, AT));
    assertEquals("other\0-v\0", told());
  }
}
