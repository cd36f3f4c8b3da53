package dev.rastro.client.launch;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.util.Map;

/** The calls that Java cannot make. Numbers are those of Linux with glibc, 64-bit. */
final class Libc {
  static final int SIGQUIT = 3;
  static final int SIGPIPE = 13;

  /** 32 and 33, as a mask. */
  static final long INTERNAL_SIGNALS = 3L << 31;

  static final int SIG_UNBLOCK = 1;
  static final int RLIMIT_CORE = 4;
  static final int F_GETFD = 1;
  static final int F_SETFD = 2;
  static final int FD_CLOEXEC = 1;
  static final long TIOCGWINSZ = 0x5413;
  static final int F_OK = 0;
  static final int X_OK = 1;
  static final int ENOENT = 2;
  static final int EINTR = 4;
  static final int ENOEXEC = 8;
  static final int EAGAIN = 11;
  static final int ENOMEM = 12;
  static final short POSIX_SPAWN_SETSIGDEF = 0x04;
  static final short POSIX_SPAWN_SETSIGMASK = 0x08;

  /** glibc's {@code posix_spawnattr_t} has 336 bytes; room is cheaper than a dependency. */
  static final int SPAWN_ATTRIBUTES_BYTES = 512;

  static final int SIGNAL_SET_BYTES = 128;
  static final Pointer SIG_DFL = Pointer.NULL;
  static final Pointer SIG_IGN = Pointer.createConstant(1);

  static {
    Native.register(
        Libc.class,
        NativeLibrary.getInstance("c", Map.of(Library.OPTION_STRING_ENCODING, "UTF-8")));
  }

  private Libc() {}

  static native int posix_spawn(
      Pointer pid,
      Pointer path,
      Pointer fileActions,
      Pointer attributes,
      Pointer arguments,
      Pointer environment);

  static native int posix_spawnattr_init(Pointer attributes);

  static native int posix_spawnattr_destroy(Pointer attributes);

  static native int posix_spawnattr_setflags(Pointer attributes, short flags);

  static native int posix_spawnattr_setsigdefault(Pointer attributes, Pointer signals);

  static native int posix_spawnattr_setsigmask(Pointer attributes, Pointer signals);

  static native int waitpid(int pid, Pointer status, int options);

  static native int kill(int pid, int signal);

  static native Pointer signal(int signal, Pointer handler);

  static native int pthread_sigmask(int how, Pointer set, Pointer old);

  static native int setrlimit(int resource, Pointer limit);

  static native int fcntl(int descriptor, int command, int argument);

  static native int ioctl(int descriptor, long request, Pointer argument);

  static native int access(Pointer path, int mode);

  static native int getpid();

  static native int geteuid();

  /** Returns only after a handler has run. */
  static native int pause();

  /** The environment as it was handed to this process, byte for byte. */
  static Pointer environment() {
    return NativeLibrary.getInstance("c").getGlobalVariableAddress("environ").getPointer(0);
  }
}
