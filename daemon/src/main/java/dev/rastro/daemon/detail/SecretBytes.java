// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.detail;

import dev.rastro.syscalls.plan.Pieces;
import dev.rastro.syscalls.record.RecordLayout;
import dev.rastro.syscalls.record.RecordReader;

/**
 * What the rules hide of a call: the data that it moves from or to a secret file or descriptor, and
 * words among the arguments and the environment of a program. Where the kernel was to say which
 * file it is, and has not, the data are taken for secret.
 */
final class SecretBytes implements Omission {
  private final Secrets secrets;
  private final Pieces pieces;
  private final SecretFiles files;
  private final SecretWords words;
  private final Bytes bytes = new Bytes();
  private boolean dataAreSecret;

  SecretBytes(Secrets secrets, Pieces pieces) {
    this.secrets = secrets;
    this.pieces = pieces;
    this.files = new SecretFiles(secrets.paths());
    this.words = new SecretWords(secrets);
  }

  @Override
  public boolean begin(RecordReader call) {
    if (call.segmentCount() == 0) {
      return false;
    }
    words.begin();
    dataAreSecret = isChosen(call) || isSecretFile(call);
    return dataAreSecret
        || call.has(RecordLayout.TAIL_TOLD)
        || pieces.executes(call)
        || hasText(call);
  }

  private boolean hasText(RecordReader call) {
    for (int i = 0; i < call.segmentCount(); i++) {
      if (pieces.isText(call, i)) {
        return true;
      }
    }
    return false;
  }

  private boolean isChosen(RecordReader call) {
    long number = call.argument(0);
    return number >= 0
        && number <= Integer.MAX_VALUE
        && secrets.descriptors().get((int) number)
        && pieces.movesDescriptorData(call);
  }

  private boolean isSecretFile(RecordReader call) {
    if (secrets.paths().isEmpty()) {
      return false;
    }
    boolean known = !pieces.movesFileData(call) || call.has(RecordLayout.TAIL_TOLD);
    for (int i = 0; known && i < call.segmentCount(); i++) {
      boolean tail = call.segmentKind(i) == RecordLayout.TAIL;
      if (tail && files.isSecretByTail(text(call, i))) {
        return true;
      }
      if (!tail && pieces.isPath(call, i) && files.isSecretByPath(text(call, i))) {
        return true;
      }
    }
    return !known;
  }

  @Override
  public int keep(RecordReader call, int segment) {
    if (call.segmentKind(segment) == RecordLayout.TAIL) {
      return OWN;
    }
    if (pieces.isText(call, segment)) {
      words.begin();
      return words.secretFrom(text(call, segment), true);
    }
    if (pieces.isProgramArgument(call, segment)) {
      boolean whole = (call.segmentStatus(segment) & RecordLayout.TRUNCATED) == 0;
      return words.secretFrom(text(call, segment), whole);
    }
    if (pieces.isVariable(call, segment)) {
      return words.secretValueFrom(text(call, segment));
    }
    return dataAreSecret && pieces.isData(call, segment) ? DROP : call.segmentLength(segment);
  }

  private CharSequence text(RecordReader call, int segment) {
    return bytes.wrap(call.buffer(), call.segmentData(segment), call.segmentLength(segment));
  }
}
