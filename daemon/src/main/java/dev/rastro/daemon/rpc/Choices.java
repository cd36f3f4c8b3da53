package dev.rastro.daemon.rpc;

import dev.rastro.daemon.access.Caller;
import dev.rastro.daemon.access.PeerLimits;
import dev.rastro.daemon.drain.Choice;
import dev.rastro.daemon.host.Cgroups;
import dev.rastro.daemon.host.FileIdentity;
import dev.rastro.daemon.kernel.Rule;
import dev.rastro.daemon.session.BadFilter;
import dev.rastro.daemon.session.Order;
import dev.rastro.daemon.session.SessionLimits;
import dev.rastro.v1.Target;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The properties by which a request chooses processes, turned into what the kernel looks up. A name
 * may come to stand for something else while a session is open (a unit is started anew, a file
 * replaced): {@link #resolve} is asked again and again.
 */
final class Choices implements Order.Names {

  /** As systemd.unit(5) has it; a bare name stands for a service. */
  private static final Pattern UNIT = Pattern.compile("[A-Za-z0-9:_.\\\\@-]{1,255}");

  private static final Pattern UNIT_TYPE =
      Pattern.compile(".*\\.(service|socket|scope|slice|mount|swap|device|timer|path|target)");
  private static final Pattern CONTAINER = Pattern.compile("[0-9a-f]{12,64}");

  private final Target target;

  /** A file that is not there is told to those alone who may see all: it might be anybody's. */
  private final boolean tellsOfFiles;

  Choices(Target target, Caller caller) throws BadFilter {
    this.target = target;
    this.tellsOfFiles = caller.seesEverything();
    int rules =
        target.getCommsCount()
            + target.getExecutablesCount()
            + target.getUsersCount()
            + target.getCgroupsCount()
            + target.getUnitsCount()
            + target.getContainersCount();
    if (rules > SessionLimits.MAX_FILTER_ENTRIES) {
      throw new BadFilter(
          "target",
          "%d properties, at most %d are taken".formatted(rules, SessionLimits.MAX_FILTER_ENTRIES));
    }
    int names = rules - target.getCommsCount() - target.getUsersCount();
    if (!caller.isAdmin() && names > PeerLimits.MAX_TARGET_NAMES) {
      throw new BadFilter(
          "target",
          "%d executables, cgroups, units and containers, at most %d are taken"
              .formatted(names, PeerLimits.MAX_TARGET_NAMES));
    }
    check("target.comms", target.getCommsList(), name -> !name.isEmpty(), "is no name");
    check(
        "target.executables",
        target.getExecutablesList(),
        path -> path.startsWith("/"),
        "is no absolute path");
    check(
        "target.units",
        target.getUnitsList(),
        unit -> UNIT.matcher(unit).matches(),
        "is no name of a systemd unit");
    check(
        "target.containers",
        target.getContainersList(),
        id -> CONTAINER.matcher(id).matches(),
        "is no container id; give 12 to 64 hexadecimal digits, as docker ps shows");
  }

  private static void check(
      String field, List<String> values, java.util.function.Predicate<String> good, String wrong)
      throws BadFilter {
    for (int i = 0; i < values.size(); i++) {
      if (!good.test(values.get(i))) {
        throw new BadFilter(
            "%s[%d]".formatted(field, i), "\"%s\" %s".formatted(values.get(i), wrong));
      }
    }
  }

  /** Whether a name in it may stand for something else later. */
  boolean mayChange() {
    return target.getExecutablesCount()
            + target.getCgroupsCount()
            + target.getUnitsCount()
            + target.getContainersCount()
        > 0;
  }

  @Override
  public List<String> missing() {
    Optional<Cgroups> cgroups = Cgroups.open();
    return java.util.stream.Stream.concat(
            target.getUnitsList().stream(), target.getContainersList().stream())
        .filter(name -> cgroups.isPresent() && find(cgroups.get(), name).isEmpty())
        .toList();
  }

  @Override
  public Choice resolve() throws BadFilter {
    Set<Rule> rules = new HashSet<>();
    EnumSet<Rule.Kind> kinds = EnumSet.noneOf(Rule.Kind.class);
    target.getCommsList().forEach(name -> rules.add(Rule.comm(name)));
    addExecutables(rules);
    addUsers(rules);
    rules.forEach(rule -> kinds.add(rule.kind()));
    if (target.getExecutablesCount() > 0) {
      kinds.add(Rule.Kind.EXECUTABLE);
    }
    if (target.getCgroupsCount() + target.getUnitsCount() + target.getContainersCount() > 0) {
      kinds.add(Rule.Kind.CGROUP);
      addCgroups(rules);
    }
    return new Choice(kinds, rules);
  }

  private void addExecutables(Set<Rule> rules) throws BadFilter {
    for (int i = 0; i < target.getExecutablesCount(); i++) {
      String path = target.getExecutables(i);
      try {
        for (FileIdentity file : FileIdentity.of(Path.of(path))) {
          rules.add(Rule.executable(file.inode(), file.deviceMajor(), file.deviceMinor()));
        }
      } catch (IOException | InvalidPathException e) {
        if (tellsOfFiles) {
          throw new BadFilter(
              "target.executables[%d]".formatted(i),
              "%s: there is no such file; give the path as the daemon sees it".formatted(path));
        }
      }
    }
  }

  private void addUsers(Set<Rule> rules) throws BadFilter {
    Orders.users("target.users", target.getUsersList()).forEach(uid -> rules.add(Rule.user(uid)));
  }

  private void addCgroups(Set<Rule> rules) throws BadFilter {
    Optional<Cgroups> found = Cgroups.open();
    if (found.isEmpty()) {
      throw new BadFilter(
          "target",
          "cgroups, units and containers need the cgroup v2 hierarchy, and none is mounted;"
              + " mount -t cgroup2 none /sys/fs/cgroup/unified");
    }
    Cgroups cgroups = found.get();
    for (int i = 0; i < target.getCgroupsCount(); i++) {
      OptionalLong id = cgroups.id(target.getCgroups(i));
      if (id.isEmpty()) {
        throw new BadFilter(
            "target.cgroups[%d]".formatted(i),
            "%s: no such cgroup below %s".formatted(target.getCgroups(i), cgroups.root()));
      }
      rules.add(Rule.cgroup(id.getAsLong()));
    }
    for (String unit : target.getUnitsList()) {
      find(cgroups, unit).forEach(id -> rules.add(Rule.cgroup(id)));
    }
    for (String container : target.getContainersList()) {
      find(cgroups, container).forEach(id -> rules.add(Rule.cgroup(id)));
    }
  }

  /**
   * The cgroups of a unit (more than one if several users run it), or of a container: runtimes call
   * its cgroup by the id, alone or as in {@code docker-ID.scope}.
   */
  private List<Long> find(Cgroups cgroups, String name) {
    if (target.getContainersList().contains(name)) {
      Pattern container = Pattern.compile("(?:.*-)?" + name + "[0-9a-f]*(?:\\.scope)?");
      return cgroups.named(directory -> container.matcher(directory).matches());
    }
    String unit = UNIT_TYPE.matcher(name).matches() ? name : name + ".service";
    return cgroups.named(unit::equals);
  }
}
