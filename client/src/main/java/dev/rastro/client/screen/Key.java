// SPDX-License-Identifier: Apache-2.0
package dev.rastro.client.screen;

/**
 * A key that was pressed.
 *
 * @param character of {@link Name#CHARACTER}, else empty
 */
public record Key(Name name, String character) {

  /** Which. */
  public enum Name {
    CHARACTER,
    UP,
    DOWN,
    PAGE_UP,
    PAGE_DOWN,
    HOME,
    END,
    ENTER,
    /** The backspace key and the arrow to the left. */
    BACK,
    ESCAPE,
    /** One that has no meaning here. */
    OTHER
  }

  public static Key of(Name name) {
    return new Key(name, "");
  }

  public static Key of(String character) {
    return new Key(Name.CHARACTER, character);
  }

  public boolean is(String wanted) {
    return name == Name.CHARACTER && character.equals(wanted);
  }
}
