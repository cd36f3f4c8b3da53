package dev.rastro.manual;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes all pages into one folder, laid out as below {@code /usr/share} and {@code /etc}. */
public final class Main {
  private static final int COMMANDS = 1;
  private static final int FILES = 5;
  private static final int ADMINISTRATION = 8;

  private final Path folder;
  private final String version;
  private final String date;

  private Main(Path folder, String version, String date) {
    this.folder = folder;
    this.version = version;
    this.date = date;
  }

  /**
   * @param arguments folder, version, date
   */
  public static void main(String[] arguments) throws IOException {
    Main main = new Main(Path.of(arguments[0]), arguments[1], arguments[2].substring(0, 10));
    Manual client = Manuals.client();
    Manual daemon = Manuals.daemon();
    main.manualPages(client, daemon);
    for (Manual manual : List.of(client, daemon)) {
      main.completions(manual);
    }
    main.write("etc/rastro/rastrod.conf", SettingsFile.text(daemon));
  }

  private void manualPages(Manual client, Manual daemon) throws IOException {
    page(client, COMMANDS, "rastro.txt", List.of(daemon.page() + "(8)"));
    for (Manual command : client.subcommands()) {
      page(command, COMMANDS, "rastro-command.txt", List.of("rastro(1)", "rastrod(8)"));
    }
    page(daemon, ADMINISTRATION, "rastrod.txt", List.of("rastro(1)", "rastrod.conf(5)"));
    ManPage settings = new ManPage("rastrod.conf", FILES, date, version);
    settings.name("rastrod.conf", "settings of rastrod");
    Notes.add(settings, "rastrod.conf.txt");
    settings.section("SETTINGS");
    for (SettingsFile.Setting setting : SettingsFile.settings(daemon)) {
      settings.term(
          List.of(setting.name() + " = " + setting.value()), Value.NONE, setting.description());
    }
    settings.section("SEE ALSO");
    settings.paragraph("rastrod(8)");
    write("man/man5/rastrod.conf.5", settings.toString());
  }

  private void page(Manual manual, int section, String notes, List<String> seeAlso)
      throws IOException {
    ManPage page = ManPage.of(manual, section, date, version);
    Notes.add(page, notes);
    page.section("SEE ALSO");
    List<String> others = new ArrayList<>();
    manual.subcommands().forEach(command -> others.add(command.page() + "(1)"));
    others.addAll(seeAlso);
    page.paragraph(String.join(", ", others));
    write("man/man%d/%s.%d".formatted(section, manual.page(), section), page.toString());
  }

  private void completions(Manual manual) throws IOException {
    write("bash-completion/completions/" + manual.word(), BashCompletion.of(manual));
    write("zsh/vendor-completions/_" + manual.word(), ZshCompletion.of(manual));
    write("fish/vendor_completions.d/" + manual.word() + ".fish", FishCompletion.of(manual));
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
