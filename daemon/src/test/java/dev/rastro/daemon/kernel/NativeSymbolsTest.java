package dev.rastro.daemon.kernel;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.sun.jna.NativeLibrary;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Direct mapping resolves symbols at registration, so a missing one must be found here by name. */
final class NativeSymbolsTest {
  @Test
  void everySymbolOfLibbpfIsThere() {
    resolveAll(Libbpf.class, Libbpf.LIBRARY);
  }

  @Test
  void everySymbolOfLibcIsThere() {
    resolveAll(Libc.class, Libc.LIBRARY);
  }

  private static void resolveAll(Class<?> mapped, NativeLibrary library) {
    List<Method> methods =
        Stream.of(mapped.getDeclaredMethods())
            .filter(method -> Modifier.isNative(method.getModifiers()))
            .toList();
    assertFalse(methods.isEmpty());
    for (Method method : methods) {
      // Throws UnsatisfiedLinkError, which names the symbol.
      assertNotNull(library.getFunction(method.getName()));
    }
  }
}
