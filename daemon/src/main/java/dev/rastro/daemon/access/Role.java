package dev.rastro.daemon.access;

import java.util.Locale;

/** What somebody was given, by a group, a certificate or a setting; each includes those before. */
public enum Role {
  /**
   * Names, counts, errors and durations of every process; nothing that a process reads or writes.
   */
  VIEWER,
  /** All that is captured. */
  TRACER,
  /** The sessions of others, too; and no limits. */
  ADMIN;

  /**
   * @throws IllegalArgumentException with what there is instead
   */
  public static Role parse(String text) {
    for (Role role : values()) {
      if (role.word().equals(text)) {
        return role;
      }
    }
    throw new IllegalArgumentException(
        "%s is no role; give viewer, tracer or admin".formatted(text));
  }

  /** As settings and answers have it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
