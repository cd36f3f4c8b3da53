package dev.rastro.client.launch;

import com.sun.jna.Memory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.IntConsumer;

/** What this process does to itself: its signals, and dying of one. */
public final class OwnProcess {

  private OwnProcess() {}

  public static int pid() {
    return (int) ProcessHandle.current().pid();
  }

  /** The effective one. */
  public static int userId() {
    return Libc.geteuid();
  }

  /**
   * Hands SIGINT, SIGTERM and SIGHUP to the consumer, on a thread of its own. Those that were
   * ignored when this process started stay ignored.
   */
  public static void onTermination(IntConsumer consumer) {
    for (String name : new String[] {"INT", "TERM", "HUP"}) {
      handle(name, consumer);
    }
  }

  /**
   * With sun.misc.Signal, by name: there is no other way to handle a signal in Java, and javac
   * cannot be told in the source that this use is meant.
   */
  private static void handle(String name, IntConsumer consumer) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Method number = signal.getMethod("getNumber");
      Method handle = signal.getMethod("handle", signal, handler);
      Object one = signal.getConstructor(String.class).newInstance(name);
      Object ours =
          Proxy.newProxyInstance(
              OwnProcess.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                consumer.accept((int) number.invoke(arguments[0]));
                return null;
              });
      Object before = handle.invoke(null, one, ours);
      if (handler.getField("SIG_IGN").get(null).equals(before)) {
        handle.invoke(null, one, before);
      }
    } catch (InvocationTargetException heldByTheVirtualMachine) {
      // Started with -Xrs or the like: the default action ends us, and the daemon ends the session.
      return;
    } catch (ReflectiveOperationException unknown) {
      throw new IllegalStateException("this Java has no sun.misc.Signal", unknown);
    }
  }

  /** The terminal's quit key is for the command; the virtual machine would print its threads. */
  public static void ignoreQuit() {
    Libc.signal(Libc.SIGQUIT, Libc.SIG_IGN);
  }

  /** Ends this process by a signal that kills, as one that has killed the command does. */
  public static void dieOf(int signal) {
    try (Memory limit = new Memory(2L * Long.BYTES);
        Memory set = new Memory(Libc.SIGNAL_SET_BYTES)) {
      limit.clear(); // the core would be the virtual machine's, not the command's
      int unused = Libc.setrlimit(Libc.RLIMIT_CORE, limit);
      Libc.signal(signal, Libc.SIG_DFL);
      set.clear();
      set.setLong(0, 1L << (signal - 1));
      unused = Libc.pthread_sigmask(Libc.SIG_UNBLOCK, set, null);
      unused = Libc.kill(Libc.getpid(), signal);
      unused = Libc.pause(); // another thread may be the one that takes it
    }
  }
}
