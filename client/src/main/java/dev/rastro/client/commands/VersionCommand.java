package dev.rastro.client.commands;

import dev.rastro.client.failure.ExitStatus;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code rastro version}. */
final class VersionCommand implements Subcommand {

  @Override
  public String name() {
    return "version";
  }

  @Override
  public CommandSpec specification() {
    CommandSpec spec = CommonOptions.specification(name(), "Shows the client's version.");
    spec.usageMessage().footer("  rastro version");
    spec.addOption(CommonOptions.help());
    return spec;
  }

  @Override
  public int run(ParseResult arguments) {
    System.out.println("rastro " + version());
    return ExitStatus.OK;
  }

  /** From the jar's manifest; the build writes it. */
  static String version() {
    return Optional.ofNullable(VersionCommand.class.getPackage().getImplementationVersion())
        .orElse("(not packaged)");
  }
}
