package dev.rastro.daemon.kernel;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/** The few calls of libc that Java has no words for. Directly mapped: about 90 ns each. */
final class Libc {
  static final NativeLibrary LIBRARY = NativeLibrary.getInstance("c");

  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int EINTR = 4;
  static final int E2BIG = 7;
  static final int ENOMEM = 12;
  static final int EACCES = 13;
  static final int ENOSPC = 28;
  static final int ENOTSUPP = 524;

  static final int PROT_READ = 1;
  static final int PROT_WRITE = 2;
  static final int MAP_SHARED = 1;
  static final long MAP_FAILED = -1;

  static final int EPOLL_CLOEXEC = 0x80000;
  static final int EPOLL_CTL_ADD = 1;
  static final int EPOLLIN = 1;
  static final int EPOLLET = 1 << 31;

  static final int EFD_CLOEXEC = 0x80000;
  static final int EFD_NONBLOCK = 0x800;

  static final int SC_PAGESIZE = 30;
  static final int SC_NPROCESSORS_ONLN = 84;

  static final int AF_UNIX = 1;
  static final int SOCK_DGRAM = 2;
  static final int SOCK_CLOEXEC = 0x80000;
  static final int MSG_DONTWAIT = 0x40;
  static final int MSG_NOSIGNAL = 0x4000;

  static {
    Native.register(Libc.class, LIBRARY);
  }

  private Libc() {}

  static native Pointer mmap(
      Pointer address, long length, int protection, int flags, int fd, long offset);

  static native int munmap(Pointer address, long length);

  static native int close(int fd);

  static native int epoll_create1(int flags);

  static native int epoll_ctl(int epoll, int operation, int fd, Pointer event);

  static native int epoll_wait(int epoll, Pointer events, int maxEvents, int timeoutMillis);

  static native int eventfd(int initial, int flags);

  static native long read(int fd, Pointer into, long count);

  static native long write(int fd, Pointer from, long count);

  static native int socket(int family, int type, int protocol);

  static native long sendto(
      int fd, byte[] message, long count, int flags, Pointer address, int addressBytes);

  static native int getsockopt(int fd, int level, int option, Pointer value, Pointer length);

  static native int getppid();

  static native int sched_setaffinity(int tid, long maskBytes, Pointer mask);

  static native int vsnprintf(Pointer into, long size, Pointer format, Pointer arguments);

  static native Pointer strerror(int error);

  static native long sysconf(int name);

  static native long send(int socket, Pointer from, long count, int flags);

  static native long recv(int socket, Pointer into, long count, int flags);

  /** Of variable arity in C, which is the same for whole numbers on both ABIs. */
  static native long syscall(long number, long first, long second, long third);

  /** "Operation not permitted", say; the sign of {@code error} does not matter. */
  static String describe(int error) {
    int number = Math.abs(error);
    if (number == ENOTSUPP) {
      return "Operation not supported by the kernel";
    }
    return strerror(number).getString(0);
  }
}
