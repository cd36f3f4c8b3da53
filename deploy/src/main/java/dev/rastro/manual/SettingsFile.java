package dev.rastro.manual;

import dev.rastro.client.connection.Endpoint;
import dev.rastro.daemon.config.CommandLineOptions;
import dev.rastro.manual.Manual.Entry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code rastrod.conf}: every setting with its default, commented out, but for what the service has
 * and a daemon by itself has not.
 */
final class SettingsFile {
  private static final Pattern DEFAULT = Pattern.compile("default: ([^;)]+)");
  private static final int WIDTH = 100;
  private static final String HEAD =
      """
      # Settings of rastrod; rastrod.conf(5) tells of them. A line is NAME = VALUE, a name is that of
      # an option without its dashes. "rastrod --config FILE --check" checks a file. Of what changes,
      # log-level and tls-role count after "systemctl reload rastrod", all else after a restart.
      """;

  /** Root may take them out: then a socket is the group's alone. */
  private static final Map<String, String> OF_THE_SERVICE =
      Map.of("own-socket", Endpoint.OWN_SOCKET.toString());

  private SettingsFile() {}

  /** A setting: its name, its value by default or else the label of one, what it is. */
  record Setting(String name, String value, String description) {}

  static List<Setting> settings(Manual daemon) {
    Set<String> names = CommandLineOptions.settingNames();
    List<Setting> settings = new ArrayList<>();
    for (Entry option : daemon.options()) {
      String name = longest(option).substring("--".length());
      if (names.contains(name)) {
        settings.add(new Setting(name, value(option), option.description()));
      }
    }
    return settings;
  }

  static String text(Manual daemon) {
    StringBuilder text = new StringBuilder(HEAD);
    for (Setting setting : settings(daemon)) {
      text.append('\n').append(comment(setting.description()));
      Optional<String> said = Optional.ofNullable(OF_THE_SERVICE.get(setting.name()));
      String mark = said.isPresent() ? "" : "#";
      text.append("%s%s = %s\n".formatted(mark, setting.name(), said.orElse(setting.value())));
    }
    return text.toString();
  }

  /** Words like "off" and "none" stand for no value at all: then the form of one is shown. */
  private static String value(Entry option) {
    if (option.value().label().isEmpty()) {
      return "no";
    }
    Matcher matcher = DEFAULT.matcher(option.description());
    String value = matcher.find() ? matcher.group(1).strip() : "";
    return value.isEmpty() || value.contains(" ") || value.equals("off") || value.equals("none")
        ? option.value().label()
        : value;
  }

  private static String longest(Entry option) {
    return option.names().stream().max(Comparator.comparingInt(String::length)).orElseThrow();
  }

  private static String comment(String description) {
    StringBuilder lines = new StringBuilder("#");
    int column = 1;
    for (String word : description.split(" ", -1)) {
      if (column + 1 + word.length() > WIDTH) {
        lines.append("\n#");
        column = 1;
      }
      lines.append(' ').append(word);
      column += 1 + word.length();
    }
    return lines.append('\n').toString();
  }
}
