package dev.rastro.syscalls.table;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What netlink messages and their attributes hold: {@code netlink.txt}, whose first lines tell its
 * notation. Immutable.
 */
public final class Messages {

  /** What a message's body is, and what attributes stand behind it. */
  public record Body(Kind.Struct head, Optional<Attributes> attributes) {}

  /**
   * A list of attributes.
   *
   * @param types the set of names of their types; empty: they have none
   */
  public record Attributes(String name, String types, Map<String, Payload> payloads) {
    private static final String ANY = "*";

    /** What the attribute of this type holds; empty: nothing that is known. */
    public Optional<Payload> payload(String type) {
      Payload payload = payloads.get(type);
      return Optional.ofNullable(payload == null ? payloads.get(ANY) : payload);
    }
  }

  /** What an attribute holds. */
  public sealed interface Payload {
    /** One value. */
    record One(Kind kind) implements Payload {}

    /** As many as there is room for. */
    record Many(Kind element) implements Payload {}

    /** The same, each at a place that has a name. */
    record Indexed(Kind element, Names places) implements Payload {}

    /**
     * Attributes.
     *
     * @param list their name; with {@code by} only its beginning
     * @param by the type of the attribute before it whose text ends the name, or {@link #FAMILY};
     *     empty: the name is whole
     */
    record Nested(String list, String by) implements Payload {
      public static final String FAMILY = "family";
    }
  }

  private record Rule(Set<String> types, String direction, Set<String> families, Body body) {}

  private static final String NONE = "-";
  private static final String REQUEST = "request";
  private static final String ANSWER = "answer";

  private final Kinds kinds;
  private final Map<String, String> typesByProtocol = new HashMap<>();
  private final Map<String, List<Rule>> rules = new HashMap<>();
  private final Map<String, Attributes> lists = new HashMap<>();

  Messages(Kinds kinds, DataFile file) {
    this.kinds = kinds;
    parseLists(file);
    String protocol = "";
    for (DataLine line : file.lines()) {
      String[] words = line.words();
      switch (words[0]) {
        case "protocol" -> {
          protocol = words[1];
          typesByProtocol.put(protocol, named(words[2]));
          rules.put(protocol, new ArrayList<>());
        }
        case "message" -> rules.get(protocol).add(rule(line));
        default -> {}
      }
    }
  }

  /** The set of names of a protocol's types; empty when the protocol has none that are known. */
  public String types(String protocol) {
    return typesByProtocol.getOrDefault(protocol, "");
  }

  /** Whether anything is known of this protocol. */
  public boolean knows(String protocol) {
    return typesByProtocol.containsKey(protocol);
  }

  /**
   * @param type the name of its type
   * @param family the name of the family that the body begins with
   */
  public Optional<Body> find(String protocol, String type, boolean request, String family) {
    for (Rule rule : rules.getOrDefault(protocol, List.of())) {
      if ((rule.types().isEmpty() || rule.types().contains(type))
          && (rule.direction().isEmpty() || rule.direction().equals(request ? REQUEST : ANSWER))
          && (rule.families().isEmpty() || rule.families().contains(family))) {
        return Optional.of(rule.body());
      }
    }
    return Optional.empty();
  }

  /** A list of attributes by name. */
  public Optional<Attributes> attributes(String name) {
    return Optional.ofNullable(lists.get(name));
  }

  private void parseLists(DataFile file) {
    Map<String, Payload> payloads = new HashMap<>();
    for (DataLine line : file.lines()) {
      String[] words = line.words();
      switch (words[0]) {
        case "protocol", "message" -> {}
        case "attributes" -> {
          payloads = new HashMap<>();
          lists.put(words[1], new Attributes(words[1], named(words[2]), payloads));
        }
        case "same" -> {
          Attributes other = lists.get(words[2]);
          if (other == null) {
            throw line.error("no such attributes: " + words[2]);
          }
          lists.put(words[1], other);
        }
        default -> payloads.put(words[0], payload(line, words[1]));
      }
    }
  }

  private Rule rule(DataLine line) {
    String[] words = line.words();
    int next = 2;
    String direction = "";
    if (words[next].equals(REQUEST) || words[next].equals(ANSWER)) {
      direction = words[next++];
    }
    Set<String> families = Set.of();
    if (words[next].startsWith("AF_")) {
      families = Set.of(words[next++].split(",", -1));
    }
    if (words.length != next + 2) {
      throw line.error("expected: message TYPE,… [request|answer] [AF_NAME,…] BODY ATTRIBUTES");
    }
    if (!(kinds.find(words[next]).orElse(null) instanceof Kind.Struct head)) {
      throw line.error("no such struct: " + words[next]);
    }
    Set<String> types = words[1].equals(NONE) ? Set.of() : Set.of(words[1].split(",", -1));
    return new Rule(types, direction, families, new Body(head, attributes(words[next + 1])));
  }

  private Payload payload(DataLine line, String notation) {
    if (notation.startsWith("{")) {
      String list = notation.substring(1, notation.length() - 1);
      int by = list.indexOf('%');
      return by < 0
          ? new Payload.Nested(list, "")
          : new Payload.Nested(list.substring(0, by), list.substring(by + 1));
    }
    int bracket = notation.indexOf('[');
    if (bracket < 0) {
      return new Payload.One(kinds.parse(line, notation));
    }
    Kind element = kinds.parse(line, notation.substring(0, bracket));
    String places = notation.substring(bracket + 1, notation.length() - 1);
    if (places.isEmpty()) {
      return new Payload.Many(element);
    }
    if (!(kinds.find(places).orElse(null) instanceof Kind.Named named)) {
      throw line.error("no such names: " + places);
    }
    return new Payload.Indexed(element, named.names());
  }

  private static String named(String word) {
    return word.equals(NONE) ? "" : word;
  }
}
