package dev.rastro.manual;

import dev.rastro.manual.Manual.Entry;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A completion for bash. Options with their values, commands, files, processes and users; behind
 * the options of a command that runs another one, whatever that one completes.
 */
final class BashCompletion {
  private final StringBuilder script = new StringBuilder();
  private final Manual manual;
  private final String function;

  private BashCompletion(Manual manual) {
    this.manual = manual;
    this.function = "_" + manual.word();
  }

  static String of(Manual manual) {
    BashCompletion completion = new BashCompletion(manual);
    completion.write();
    return completion.script.toString();
  }

  private void write() {
    line("# Completes " + manual.name() + " in bash. Made of its option table.");
    line("");
    options();
    line("");
    main();
    line("");
    line("complete -o bashdefault -o default -F %s %s".formatted(function, manual.word()));
  }

  /** Sets words, and the kinds of values by option, of one command. */
  private void options() {
    line(function + "_options() {");
    line("\tcase $1 in");
    for (Manual command : manual.subcommands()) {
      optionsOf(command.word(), command);
    }
    optionsOf("*", manual);
    line("\tesac");
    line("}");
  }

  private void optionsOf(String pattern, Manual command) {
    TreeMap<String, String> kinds = new TreeMap<>();
    for (Entry option : command.options()) {
      for (String name : option.names()) {
        if (!option.value().label().isEmpty() && (!option.value().optional() || isLong(name))) {
          kinds.putIfAbsent(name, kind(option.value()));
        }
      }
    }
    line("\t%s)".formatted(pattern));
    line("\t\twords='%s'".formatted(String.join(" ", words(command))));
    line(
        "\t\tkinds=(%s)"
            .formatted(
                kinds.entrySet().stream()
                    .map(entry -> "[%s]='%s'".formatted(entry.getKey(), entry.getValue()))
                    .collect(Collectors.joining(" "))));
    line("\t\truns=%s".formatted(command.takesCommand() ? "yes" : ""));
    line("\t\t;;");
  }

  private static List<String> words(Manual command) {
    return command.options().stream()
        .flatMap(
            option ->
                option.names().stream()
                    .map(
                        name ->
                            isLong(name) && !option.value().label().isEmpty() ? name + "=" : name))
        .toList();
  }

  private static String kind(Value value) {
    return switch (value.kind()) {
      case CHOICE -> String.join(" ", value.choices());
      case FILE -> "@file";
      case PID -> "@pid";
      case USER -> "@user";
      case ANYTHING, NOTHING -> "@any";
    };
  }

  private void main() {
    script.append(
        """
        FUNCTION_value() {
        	case $1 in
        	@file) compopt -o filenames; COMPREPLY=($(compgen -f -- "$2")) ;;
        	@pid) COMPREPLY=($(compgen -W "$(cd /proc && echo [0-9]*)" -- "$2")) ;;
        	@user) COMPREPLY=($(compgen -u -- "$2")) ;;
        	@any) COMPREPLY=() ; compopt +o default +o bashdefault ;;
        	*) COMPREPLY=($(compgen -W "$1" -- "$2")) ;;
        	esac
        }

        FUNCTION() {
        	local IFS=$' \\t\\n' cur prev words runs command= at
        	local -A kinds=()
        	COMPREPLY=()
        	# "=" breaks a word in two; here it is one.
        	local -a line
        	read -ra line <<<"${COMP_LINE:0:COMP_POINT}"
        	[[ ${COMP_LINE:0:COMP_POINT} == *[[:space:]] ]] && line+=("")
        	at=$((${#line[@]} - 1))
        	cur=${line[at]} prev=${line[at - 1]}
        COMMANDS
        	FUNCTION_options "$command"
        	if [[ $runs ]]; then
        		# Past the options another command begins: the first word that is neither one nor its value.
        		local word=2
        		while ((word < at)); do
        			if [[ ${line[word]} == -- ]]; then
        				((word++))
        				break
        			elif [[ ${line[word]} != -?* ]]; then
        				break
        			elif [[ ${line[word]} != *=* && ${kinds[${line[word]}]-} ]]; then
        				((word++))
        			fi
        			((word++))
        		done
        		if ((word < at)) || [[ $word == "$at" && $cur != -* && ! ( ${kinds[$prev]-} && $prev != *=* ) ]]; then
        			if ((word == at)); then
        				COMPREPLY=($(compgen -c -- "$cur"))
        			elif declare -F _command_offset >/dev/null; then
        				_command_offset "$word"
        			fi
        			return
        		fi
        	fi
        	if [[ $cur == --*=* && ${kinds[${cur%%=*}]-} ]]; then
        		FUNCTION_value "${kinds[${cur%%=*}]}" "${cur#*=}"
        	elif [[ ${kinds[$prev]-} ]]; then
        		FUNCTION_value "${kinds[$prev]}" "$cur"
        	elif [[ $cur == -* || ! $runs ]]; then
        		COMPREPLY=($(compgen -W "$words" -- "$cur"))
        		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
        	fi
        }
        """
            .replace("FUNCTION", function)
            .replace("COMMANDS", commands()));
  }

  private String commands() {
    if (manual.subcommands().isEmpty()) {
      return "";
    }
    String names = manual.subcommands().stream().map(Manual::word).collect(Collectors.joining(" "));
    return """
    	if ((at > 1)); then
    		command=${line[1]}
    	elif [[ $cur != -* ]]; then
    		COMPREPLY=($(compgen -W '%s' -- "$cur"))
    		return
    	fi"""
        .formatted(names);
  }

  private static boolean isLong(String name) {
    return name.startsWith("--");
  }

  private void line(String text) {
    script.append(text).append('\n');
  }
}
