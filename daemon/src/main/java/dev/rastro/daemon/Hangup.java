package dev.rastro.daemon;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** SIGHUP, which asks a service to read its configuration again. */
final class Hangup {

  private Hangup() {}

  /**
   * Runs the action at each SIGHUP, on a thread of its own. With sun.misc.Signal, by name: there is
   * no other way to handle a signal in Java, and javac cannot be told in the source that this use
   * is meant.
   */
  static void on(Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Method handle = signal.getMethod("handle", signal, handler);
      Object ours =
          Proxy.newProxyInstance(
              Hangup.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                action.run();
                return null;
              });
      Object unused =
          handle.invoke(null, signal.getConstructor(String.class).newInstance("HUP"), ours);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("SIGHUP is held by the virtual machine (-Xrs)", e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this Java has no sun.misc.Signal", e);
    }
  }
}
