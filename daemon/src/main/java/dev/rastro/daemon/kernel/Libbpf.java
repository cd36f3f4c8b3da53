package dev.rastro.daemon.kernel;

import com.sun.jna.Callback;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/**
 * libbpf 1.x as {@code bpf/libbpf.h}, {@code bpf/bpf.h} and {@code bpf/btf.h} declare it, directly
 * mapped. Functions that return int return minus errno; functions that return a pointer return null
 * and set errno.
 */
final class Libbpf {
  static final String SONAME = "libbpf.so.1";
  static final NativeLibrary LIBRARY = NativeLibrary.getInstance(SONAME);

  static final long BPF_ANY = 0;
  static final long BPF_EXIST = 2;
  static final int BPF_MAP_TYPE_RINGBUF = 27;

  static {
    Native.register(Libbpf.class, LIBRARY);
  }

  private Libbpf() {}

  /** {@code libbpf_print_fn_t}. The va_list travels as the pointer that it is on both ABIs. */
  interface Print extends Callback {
    int print(int level, Pointer format, Pointer arguments);
  }

  static native Pointer libbpf_set_print(Print print);

  static native int libbpf_num_possible_cpus();

  static native Pointer libbpf_version_string();

  static native Pointer bpf_object__open_mem(Pointer bytes, long size, Pointer options);

  static native int bpf_object__load(Pointer object);

  static native void bpf_object__close(Pointer object);

  static native Pointer bpf_object__find_program_by_name(Pointer object, String name);

  static native Pointer bpf_object__find_map_by_name(Pointer object, String name);

  static native int bpf_program__set_autoload(Pointer program, int autoload);

  static native int bpf_program__fd(Pointer program);

  static native Pointer bpf_program__attach(Pointer program);

  static native int bpf_link__fd(Pointer link);

  static native int bpf_iter_create(int linkFd);

  static native int bpf_link__destroy(Pointer link);

  static native int bpf_map__fd(Pointer map);

  static native int bpf_map__set_max_entries(Pointer map, int entries);

  static native int bpf_map__set_map_flags(Pointer map, int flags);

  static native int bpf_map__max_entries(Pointer map);

  static native int bpf_map__key_size(Pointer map);

  static native int bpf_map__value_size(Pointer map);

  static native int bpf_map_create(
      int type, String name, int keyBytes, int valueBytes, int maxEntries, Pointer options);

  static native int bpf_map_lookup_elem(int fd, Pointer key, Pointer value);

  static native int bpf_map_update_elem(int fd, Pointer key, Pointer value, long flags);

  static native int bpf_map_delete_elem(int fd, Pointer key);

  static native int bpf_map_get_next_key(int fd, Pointer key, Pointer nextKey);

  static native int bpf_map_lookup_batch(
      int fd,
      Pointer inBatch,
      Pointer outBatch,
      Pointer keys,
      Pointer values,
      Pointer count,
      Pointer options);

  static native int bpf_obj_get_info_by_fd(int fd, Pointer info, Pointer length);
}
