package dev.rastro.daemon.kernel;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the compiler wrote into an object's BTF (see linux/btf.h). */
final class ObjectTypes {
  private static final int KIND_STRUCT = 4;
  private static final int KIND_ENUM = 6;
  private static final int TYPE_BYTES = 12;
  private static final int MEMBER_BYTES = 12;
  private static final int ENUMERATOR_BYTES = 8;

  static {
    Native.register(ObjectTypes.class, Libbpf.LIBRARY);
  }

  private final Map<String, Map<String, Integer>> structs = new LinkedHashMap<>();
  private final Map<String, Map<String, Integer>> enums = new LinkedHashMap<>();

  private ObjectTypes() {}

  static native Pointer btf__parse_elf(String path, Pointer extension);

  static native int btf__type_cnt(Pointer btf);

  static native Pointer btf__type_by_id(Pointer btf, int id);

  static native Pointer btf__name_by_offset(Pointer btf, int offset);

  static native void btf__free(Pointer btf);

  static ObjectTypes read(String elf) {
    Pointer btf = btf__parse_elf(elf, Pointer.NULL);
    if (btf == null) {
      throw new AssertionError("no BTF in " + elf);
    }
    try {
      ObjectTypes types = new ObjectTypes();
      for (int id = 1; id < btf__type_cnt(btf); id++) {
        Pointer type = btf__type_by_id(btf, id);
        int description = type.getInt(4);
        int count = description & 0xffff;
        String name = name(btf, type.getInt(0));
        switch (description >>> 24 & 0x1f) {
          case KIND_STRUCT -> types.structs.put(name, fields(btf, type, count));
          case KIND_ENUM -> types.enums.put(name, enumerators(btf, type, count));
          default -> {}
        }
      }
      return types;
    } finally {
      btf__free(btf);
    }
  }

  /** By name: the field offsets in bytes, and the size under the empty name. */
  Map<String, Map<String, Integer>> structs() {
    return structs;
  }

  /** By name: the enumerators. */
  Map<String, Map<String, Integer>> enums() {
    return enums;
  }

  /** Of all enums. */
  Map<String, Integer> enumerators() {
    Map<String, Integer> all = new LinkedHashMap<>();
    enums.values().forEach(all::putAll);
    return all;
  }

  private static Map<String, Integer> fields(Pointer btf, Pointer type, int count) {
    Map<String, Integer> fields = new LinkedHashMap<>();
    fields.put("", type.getInt(8));
    for (int i = 0; i < count; i++) {
      long member = TYPE_BYTES + (long) i * MEMBER_BYTES;
      fields.put(name(btf, type.getInt(member)), type.getInt(member + 8) / 8);
    }
    return fields;
  }

  private static Map<String, Integer> enumerators(Pointer btf, Pointer type, int count) {
    Map<String, Integer> enumerators = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      long one = TYPE_BYTES + (long) i * ENUMERATOR_BYTES;
      enumerators.put(name(btf, type.getInt(one)), type.getInt(one + 4));
    }
    return enumerators;
  }

  private static String name(Pointer btf, int offset) {
    return btf__name_by_offset(btf, offset).getString(0);
  }
}
