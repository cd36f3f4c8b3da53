package dev.rastro.daemon.kernel;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.LinkedHashMap;
import java.util.Map;

/** The struct layouts that the compiler wrote into an object's BTF (see linux/btf.h). */
final class ObjectTypes {
  private static final int KIND_STRUCT = 4;
  private static final int TYPE_BYTES = 12;
  private static final int MEMBER_BYTES = 12;

  static {
    Native.register(ObjectTypes.class, Libbpf.LIBRARY);
  }

  private ObjectTypes() {}

  static native Pointer btf__parse_elf(String path, Pointer extension);

  static native int btf__type_cnt(Pointer btf);

  static native Pointer btf__type_by_id(Pointer btf, int id);

  static native Pointer btf__name_by_offset(Pointer btf, int offset);

  static native void btf__free(Pointer btf);

  /** By struct name: the field offsets in bytes, and the size under the empty name. */
  static Map<String, Map<String, Integer>> structs(String elf) {
    Pointer btf = btf__parse_elf(elf, Pointer.NULL);
    if (btf == null) {
      throw new AssertionError("no BTF in " + elf);
    }
    try {
      Map<String, Map<String, Integer>> structs = new LinkedHashMap<>();
      for (int id = 1; id < btf__type_cnt(btf); id++) {
        Pointer type = btf__type_by_id(btf, id);
        int description = type.getInt(4);
        if ((description >>> 24 & 0x1f) == KIND_STRUCT) {
          structs.put(name(btf, type.getInt(0)), fields(btf, type, description & 0xffff));
        }
      }
      return structs;
    } finally {
      btf__free(btf);
    }
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

  private static String name(Pointer btf, int offset) {
    return btf__name_by_offset(btf, offset).getString(0);
  }
}
