package dev.rastro.client.printing;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A file for each task, the last few of them held open. One thread. */
final class SeparateFiles extends OutputStream {
  private static final int OPEN_FILES_MAX = 256;

  private final String name;
  private final boolean append;
  private final LinkedHashMap<Integer, OutputStream> open = new LinkedHashMap<>(16, 0.75f, true);
  private final Set<Integer> begun = new HashSet<>();

  SeparateFiles(String name, boolean append) {
    this.name = name;
    this.append = append;
  }

  OutputStream of(int tid) throws IOException {
    OutputStream file = open.get(tid);
    if (file == null) {
      if (open.size() == OPEN_FILES_MAX) {
        Map.Entry<Integer, OutputStream> eldest = open.entrySet().iterator().next();
        eldest.getValue().close();
        open.remove(eldest.getKey());
      }
      boolean again = !begun.add(tid);
      file = new FileOutputStream(name + "." + tid, append || again);
      open.put(tid, file);
    }
    return file;
  }

  /** What is of no task goes nowhere: every line has one. */
  @Override
  public void write(int unused) throws IOException {
    throw new IOException("a line of no task for " + name);
  }

  @Override
  public void close() throws IOException {
    for (OutputStream file : open.values()) {
      file.close();
    }
    open.clear();
  }
}
