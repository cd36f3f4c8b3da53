package dev.rastro.daemon.rpc;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.grpc.Status;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same as {@code RequestFuzzTest}, led on by what the requests reach in the code, for as long
 * as one likes:
 *
 * <pre>
 * JAZZER_FUZZ=1 ./mvnw -pl daemon -am -Dtest=RequestFuzz \
 *     -Dsurefire.failIfNoSpecifiedTests=false verify
 * </pre>
 *
 * Needs root. What it finds is written to a file that is named at the end.
 */
@Tag("kernel")
final class RequestFuzz {
  private static RequestTarget target;
  private static int caller;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    target = new RequestTarget(folder);
  }

  @AfterAll
  static void stop() {
    target.awaitRest();
    target.close();
  }

  @FuzzTest(maxDuration = "30m")
  void whateverIsAskedIsAnsweredOrRefused(byte[] data) throws Exception {
    Status unused = target.ask(RandomRequest.of(data), caller++);
  }
}
