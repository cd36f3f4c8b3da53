package dev.rastro.syscalls.decode;

import dev.rastro.syscalls.table.Kind;
import dev.rastro.syscalls.table.Names;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/** Special kinds by name. A kind without code here is told as a bare number or address. */
final class Specials {
  /** What {@link #struct} answers for structs that the table describes in full. */
  static final Special.InMemory NO_STRUCT = (walk, at, length) -> false;

  /** What {@link #named} answers for numbers that their names describe in full. */
  static final Special PLAIN = (walk, value) -> {};

  private static final Set<String> CHANGE_RESULTS =
      Set.of("poll_result", "select_result", "mmsg_result");

  private static final Special BARE_VALUE =
      (walk, value) -> {
        if (walk.index() < 0) {
          walk.sink().number(value, Kind.Format.DECIMAL, true);
        } else {
          walk.sink().number(value, Kind.Format.HEX, false);
        }
      };
  private static final Special BARE_ADDRESS = (walk, address) -> walk.sink().address(address);

  private final Map<String, Special> byName = new HashMap<>();
  private final Map<String, Special> named = new HashMap<>();
  private final Map<String, Special.InMemory> structs = new HashMap<>();
  private final IdentityHashMap<Kind.Special, Special> found = new IdentityHashMap<>();

  Specials() {
    ControlBlocks.register(this);
    Devices.register(this);
    Files.register(this);
    Memory.register(this);
    Multiplexed.register(this);
    NetlinkValues.register(this);
    Polling.register(this);
    Processes.register(this);
    SegmentDescriptors.register(this);
    Rings.register(this);
    Scheduling.register(this);
    SignalSets.register(this);
    Sockets.register(this);
    Times.register(this);
  }

  void add(String kind, Special special) {
    if (byName.put(kind, special) != null) {
      throw new IllegalStateException("two decoders for the kind " + kind);
    }
  }

  void addStruct(String kind, Special.InMemory special) {
    if (structs.put(kind, special) != null) {
      throw new IllegalStateException("two decoders for the struct " + kind);
    }
  }

  /** Numbers with names whose unknown values, or some of whose bits, want code. */
  void addNamed(String kind, Special special) {
    if (named.put(kind, special) != null) {
      throw new IllegalStateException("two decoders for the names " + kind);
    }
  }

  /** The code that tells a named number in place of the table's names, or {@link #PLAIN}. */
  Special named(String name) {
    return named.getOrDefault(name, PLAIN);
  }

  Special find(Kind.Special kind) {
    Special special = found.get(kind);
    if (special == null) {
      int plus = kind.name().indexOf('+');
      special =
          plus > 0
              ? noted(kind.name().substring(0, plus), kind.name().substring(plus + 1))
              : byName.getOrDefault(kind.name(), kind.inMemory() ? BARE_ADDRESS : BARE_VALUE);
      found.put(kind, special);
    }
    return special;
  }

  /** A number and beside it what it means, as {@code hex_seals+seal_flags} says. */
  private static Special noted(String format, String kind) {
    int underscore = format.indexOf('_');
    String label = underscore < 0 ? "" : format.substring(underscore + 1);
    boolean hex = format.startsWith("hex");
    return (walk, value) -> {
      walk.sink().number(value, hex ? Kind.Format.HEX : Kind.Format.DECIMAL, !hex);
      if (walk.kind(kind) instanceof Kind.Named named
          ? value == 0 && isNothing(named.names())
          : value == 0) {
        return;
      }
      walk.sink().beginNote();
      if (label.isEmpty()) {
        walk.sink().element();
      } else {
        walk.sink().label(label);
      }
      if (walk.kind(kind) instanceof Kind.Named named) {
        walk.sink().named(value, named.names());
      } else if (walk.kind(kind) instanceof Kind.Scalar scalar) {
        walk.sink().number(value, scalar.format(), scalar.signed());
      }
      walk.sink().endNote();
    };
  }

  /** Whether no flag is as good as nothing, rather than a name of its own (O_RDONLY). */
  private static boolean isNothing(Names names) {
    return names.style() == Names.Style.FLAGS
        && names.entries().stream().noneMatch(entry -> entry.value() == 0 && entry.mask() != 0);
  }

  /** The code that tells a struct in place of the table's fields, or {@link #NO_STRUCT}. */
  Special.InMemory struct(String name) {
    return structs.getOrDefault(name, NO_STRUCT);
  }

  /** Whether the result is followed by what the call changed, instead of the arguments. */
  boolean tellsChanges(Kind result) {
    return result instanceof Kind.Special special && CHANGE_RESULTS.contains(special.name());
  }
}
