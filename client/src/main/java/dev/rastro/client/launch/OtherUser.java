package dev.rastro.client.launch;

import dev.rastro.client.failure.ClientFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs a command as another user. A virtual machine cannot fork and change the child's user, so
 * setpriv (util-linux) does it and then executes the command in its own place.
 */
final class OtherUser {
  private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
  private static final int USER_FIELD = 2;
  private static final int GROUP_FIELD = 3;

  private OtherUser() {}

  /**
   * What stands before the command.
   *
   * @throws ClientFailure when there is no such user, or we may not become it
   */
  static List<String> prefix(String user) {
    if (OwnProcess.userId() != 0) {
      throw ClientFailure.failed("-u: only root can run a command as another user");
    }
    String[] entry = entry(user);
    if (!Files.isExecutable(SETPRIV)) {
      throw ClientFailure.failed("-u: " + SETPRIV + " is missing; install util-linux");
    }
    return List.of(
        SETPRIV.toString(),
        "--reuid=" + entry[USER_FIELD],
        "--regid=" + entry[GROUP_FIELD],
        "--init-groups",
        "--");
  }

  /** With getent, which asks whatever the machine knows its users from. */
  private static String[] entry(String user) {
    try {
      Process getent = new ProcessBuilder("getent", "passwd", user).start();
      getent.getOutputStream().close();
      String text = new String(getent.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      String[] entry = text.strip().split(":", -1);
      if (getent.waitFor() == 0 && entry.length > GROUP_FIELD) {
        return entry;
      }
    } catch (IOException missing) {
      throw ClientFailure.failed("-u: cannot look up users: " + missing.getMessage());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    throw ClientFailure.failed("-u: cannot find user '" + user + "'");
  }
}
