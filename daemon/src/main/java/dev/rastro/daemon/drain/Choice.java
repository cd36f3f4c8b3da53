package dev.rastro.daemon.drain;

import dev.rastro.daemon.kernel.Rule;
import java.util.EnumSet;
import java.util.Set;

/**
 * Processes chosen by what they are: of each kind of property that is looked at, they have one that
 * a rule names.
 *
 * @param kinds those that are looked at; one without a rule (a unit that is not running, say) is
 *     met by nobody
 */
public record Choice(Set<Rule.Kind> kinds, Set<Rule> rules) {
  /** Chooses nobody. */
  public static final Choice NONE = new Choice(Set.of(), Set.of());

  public Choice {
    kinds = Set.copyOf(kinds);
    rules = Set.copyOf(rules);
  }

  /** Looks at the kinds of its rules. */
  public static Choice of(Rule... rules) {
    EnumSet<Rule.Kind> kinds = EnumSet.noneOf(Rule.Kind.class);
    for (Rule rule : rules) {
      kinds.add(rule.kind());
    }
    return new Choice(kinds, Set.of(rules));
  }

  /** Whether it chooses nobody, now and ever. */
  public boolean isNone() {
    return kinds.isEmpty();
  }
}
