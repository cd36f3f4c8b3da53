package dev.rastro.bench.tool;

import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** All tables of a run, and where they were measured. */
public final class Report {
  private final Map<String, String> machine;
  private final List<Table> tables = new ArrayList<>();

  /** Questions and their seconds. */
  private final List<String> took = new ArrayList<>();

  private Report(Map<String, String> machine) {
    this.machine = machine;
  }

  public static Report begin(boolean quick) {
    Map<String, String> machine = new LinkedHashMap<>();
    machine.put("date", LocalDate.now(ZoneOffset.UTC).toString());
    machine.put("run", quick ? "quick" : "full");
    machine.put(
        "commit",
        Place.firstLineOf("git", "-C", Place.root().toString(), "describe", "--always", "--dirty")
            .orElse("unknown"));
    machine.put("processor", cpu());
    machine.put(
        "memory",
        Place.read(Path.of("/proc/meminfo"))
            .lines()
            .findFirst()
            .orElse("")
            .replaceAll("\\s+", " "));
    machine.put("kernel", Place.read(Path.of("/proc/sys/kernel/osrelease")).strip());
    machine.put("JDK", System.getProperty("java.vm.name") + " " + Runtime.version());
    machine.put("load before", Place.read(Path.of("/proc/loadavg")).strip());
    return new Report(machine);
  }

  private static String cpu() {
    String info = Place.read(Path.of("/proc/cpuinfo"));
    String model =
        info.lines()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 2))
            .findFirst()
            .orElse("unknown");
    String virtual = info.contains("hypervisor") ? ", virtual machine" : "";
    return Place.cpus() + " × " + model + virtual;
  }

  /** Measures and prints one question's tables, and notes how long it took. */
  public void add(String question, Supplier<List<Table>> measured) {
    long began = System.nanoTime();
    for (Table table : measured.get()) {
      tables.add(table);
      System.out.println(table.markdown());
    }
    took.add(String.format(Locale.ROOT, "%s %.0f", question, (System.nanoTime() - began) / 1e9));
  }

  /** As DATE.md and DATE.json. */
  public void write(Path folder) throws IOException {
    machine.put("load after", Place.read(Path.of("/proc/loadavg")).strip());
    machine.put("seconds", String.join(", ", took));
    StringBuilder text = new StringBuilder("# Benchmarks of ");
    text.append(machine.get("date")).append("\n\n");
    machine.forEach(
        (what, value) -> text.append("- ").append(what).append(": ").append(value).append('\n'));
    text.append('\n');
    tables.forEach(table -> text.append(table.markdown()));
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("machine", machine);
    all.put("tables", tables);
    Files.createDirectories(folder);
    String name = machine.get("date");
    Files.writeString(folder.resolve(name + ".md"), text, StandardCharsets.UTF_8);
    Files.writeString(
        folder.resolve(name + ".json"),
        new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(all) + "\n",
        StandardCharsets.UTF_8);
    System.out.println("written to " + folder.resolve(name + ".md") + " and .json");
  }
}
