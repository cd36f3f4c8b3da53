package dev.rastro.daemon.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random requests: each is answered or refused, and leaves nothing. {@code -Dfuzz.tries=N} tries N
 * of them, {@code -Dfuzz.seed=N} others. A failure tells the request. {@code RequestFuzz} goes on
 * from what it has seen.
 */
@Tag("kernel")
final class RequestFuzzTest {
  private static final int TRIES = Integer.getInteger("fuzz.tries", 300);
  private static final long SEED = Long.getLong("fuzz.seed", 20261126);
  private static final int BYTES_MOST = 400;

  @Test
  void whateverIsAskedIsAnsweredOrRefused(@TempDir Path folder) throws Exception {
    Map<Status.Code, Integer> seen = new EnumMap<>(Status.Code.class);
    Set<String> methods = new HashSet<>();
    try (RequestTarget target = new RequestTarget(folder)) {
      for (int i = 0; i < TRIES; i++) {
        Random random = new Random(SEED + i);
        byte[] data = new byte[random.nextInt(BYTES_MOST)];
        random.nextBytes(data);
        RandomRequest request = RandomRequest.of(data);
        Status status = target.ask(request, i);
        seen.merge(status.getCode(), 1, Integer::sum);
        methods.add(request.method().getBareMethodName());
      }
      target.awaitRest();
    }
    assertEquals(Set.copyOf(RandomRequest.methods()), methods);
    assertTrue(seen.getOrDefault(Status.Code.INVALID_ARGUMENT, 0) > TRIES / 50, seen::toString);
    assertTrue(
        seen.getOrDefault(Status.Code.CANCELLED, 0) + seen.getOrDefault(Status.Code.OK, 0)
            > TRIES / 50,
        seen::toString);
  }
}
