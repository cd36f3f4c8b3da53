// SPDX-License-Identifier: Apache-2.0
package dev.rastro.daemon.detail;

import dev.rastro.syscalls.record.RecordLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What nobody may see, whoever asks. Rules are patterns in which {@code *} stands for any
 * characters, {@code ?} for one, and {@code [a-z]} for one of these; in none of them for a slash.
 *
 * @param paths the last parts of a file's path, as {@code etc/shadow}: what is read from such files
 *     and written to them
 * @param arguments options of programs, as {@code --password}: what follows them
 * @param variables names of environment variables, in any case: their values
 * @param descriptors numbers: what is read from these and written to them
 */
public record Secrets(
    List<String> paths, List<String> arguments, List<String> variables, BitSet descriptors) {

  /** Of each list. */
  public static final int MAX_RULES = 256;

  private static final int MAX_RULE_CHARACTERS = 256;

  /** As many names of a file's path as the kernel tells. */
  public static final int MAX_PATH_PARTS = RecordLayout.TAIL_NAMES;

  public static final Secrets NONE = new Secrets(List.of(), List.of(), List.of(), new BitSet());

  /** What is secret unless somebody says otherwise. */
  public static final Secrets USUAL =
      new Secrets(
          List.of(
              "etc/shadow*",
              "etc/gshadow*",
              "*.pem",
              "*.key",
              "*.p12",
              "*.pfx",
              "*.jks",
              "*.keytab",
              "*.kdbx",
              "id_rsa",
              "id_dsa",
              "id_ecdsa*",
              "id_ed25519*",
              "ssh_host_*_key",
              "private-keys-v1.d/*",
              ".netrc",
              ".pgpass",
              ".my.cnf",
              ".htpasswd",
              ".git-credentials",
              ".vault-token",
              ".aws/credentials",
              ".docker/config.json",
              ".kube/config",
              "secrets/*",
              "serviceaccount/token",
              "environ",
              "[0-9]*/cmdline"),
          List.of(
              "--*passw*",
              "--pass",
              "--*passphrase*",
              "--*secret*",
              "--*token*",
              "--*api[-_]key*",
              "--*apikey*",
              "--*credential*",
              "-passin",
              "-passout",
              "-storepass",
              "-keypass"),
          List.of(
              "*passw*",
              "*passphrase*",
              "*_pwd",
              "*secret*",
              "*token*",
              "*key*",
              "*credential*",
              "*database_url*"),
          new BitSet());

  /**
   * @throws IllegalArgumentException naming the rule and what is wrong
   */
  public Secrets {
    paths = checked(paths);
    arguments = checked(arguments);
    variables = checked(variables);
    descriptors = (BitSet) descriptors.clone();
    for (String path : paths) {
      if (parts(path).size() > MAX_PATH_PARTS || parts(path).isEmpty()) {
        throw new IllegalArgumentException(
            "%s: a rule names the last parts of a path, at most %d"
                .formatted(path, MAX_PATH_PARTS));
      }
    }
  }

  private static List<String> checked(List<String> rules) {
    if (rules.size() > MAX_RULES) {
      throw new IllegalArgumentException(
          "%d rules, at most %d are taken".formatted(rules.size(), MAX_RULES));
    }
    for (String rule : rules) {
      if (rule.isBlank() || rule.length() > MAX_RULE_CHARACTERS) {
        throw new IllegalArgumentException(
            "'%s': a rule has 1 to %d characters".formatted(rule, MAX_RULE_CHARACTERS));
      }
      var unused = Globs.regex(rule, ".");
    }
    return List.copyOf(rules);
  }

  /** These rules and others. */
  public Secrets and(Secrets others) {
    BitSet both = (BitSet) descriptors.clone();
    both.or(others.descriptors);
    return new Secrets(
        joined(paths, others.paths),
        joined(arguments, others.arguments),
        joined(variables, others.variables),
        both);
  }

  private static List<String> joined(List<String> a, List<String> b) {
    List<String> all = new ArrayList<>(a);
    all.addAll(b);
    return all;
  }

  public boolean isEmpty() {
    return equals(NONE);
  }

  /** How many names of a file's path, from the last, the rules look at; 0 when none does. */
  public int tailNames() {
    return paths.stream().mapToInt(path -> parts(path).size()).max().orElse(0);
  }

  /** Of a rule for paths, in its order. */
  static List<String> parts(String path) {
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/", -1)) {
      if (!part.isEmpty()) {
        parts.add(part);
      }
    }
    return parts;
  }
}
