package dev.rastro.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * A process that has the same word in all that it works on: arguments, environment, paths, buffers,
 * the name of its socket, the path of what it starts. Sleeps in opening a pipe until the first
 * {@link #sing}, and does it all at each.
 */
final class Canary implements AutoCloseable {
  static final String WORD = "c4n4ry-" + Long.toHexString(System.nanoTime());

  private static final ByteString BYTES = ByteString.copyFromUtf8(WORD);

  private static final String PROGRAM =
      """
      use IO::Socket::UNIX;
      my ($folder, $word) = @ARGV;
      my $socket = IO::Socket::UNIX->new(Local => "$folder/sock-$$", Listen => 1) or die $!;
      $| = 1; print "there\\n";
      open my $perch, "<", "$folder/perch-$$" or die $!;
      while (<$perch>) {
        open my $none, "<", "/none/$word";
        open my $null, ">", "/dev/null"; syswrite $null, "$word sings";
        rename "/none/$word-old", "/none/$word-new";
        if (!fork) { exec {"$folder/true"} "$word-argument", $word }
        wait;
      }
      """;

  private final Process process;
  private final Path path;
  private Optional<RandomAccessFile> perch = Optional.empty();

  private Canary(Process process, Path path) {
    this.process = process;
    this.path = path;
  }

  /**
   * @param folder whose last part is the word, and that everybody may write to
   */
  static Canary start(String setpriv, Path folder) throws Exception {
    Path program = Files.writeString(folder.resolve("target.pl"), PROGRAM);
    Path copy = folder.resolve("true");
    if (Files.notExists(copy)) {
      Files.copy(Path.of("/bin/true"), copy);
      Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    ProcessBuilder builder =
        new ProcessBuilder(
                "sh",
                "-c",
                "mkfifo -m 666 %1$s/perch-$$ && exec %2$s perl %3$s %1$s %4$s"
                    .formatted(folder, setpriv, program, WORD))
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("SECRET", WORD);
    Process process = builder.start();
    assertEquals("there", process.inputReader().readLine());
    return new Canary(Asleep.opening(process), folder.resolve("perch-" + process.pid()));
  }

  int pid() {
    return (int) process.pid();
  }

  synchronized void sing() {
    try {
      if (perch.isEmpty()) {
        perch = Optional.of(new RandomAccessFile(path.toFile(), "rw"));
      }
      perch.get().write('\n');
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static boolean isIn(Message message) {
    return isIn(message.toByteArray());
  }

  static boolean isIn(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1).contains(BYTES.toStringUtf8());
  }

  /** In its description, or in any of its details. */
  static boolean isIn(Throwable failure) {
    com.google.rpc.Status details = StatusProto.fromThrowable(failure);
    return String.valueOf(Status.fromThrowable(failure).getDescription()).contains(WORD)
        || (details != null && isIn(details));
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    if (perch.isPresent()) {
      perch.get().close();
    }
  }
}
