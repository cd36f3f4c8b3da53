// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Ends what a class of tests has started and not ended, as one that fails does: it would take the
 * CPU from all that follow, and keep Maven waiting for the end of the output that it inherited.
 * JUnit finds it by itself, for every class.
 */
public final class Leftovers implements AfterAllCallback {
  @Override
  public void afterAll(ExtensionContext context) {
    ProcessHandle.current()
        .descendants()
        .forEach(
            process -> {
              System.err.println(
                  context.getDisplayName()
                      + " left running: "
                      + process.info().commandLine().orElse(Long.toString(process.pid())));
              boolean unused = process.destroyForcibly();
            });
  }
}
