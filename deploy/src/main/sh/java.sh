# Sourced by the launchers: finds a Java that is new enough without starting one.

java_minimum=17

# Prints the major version of the Java installation in folder $1, or nothing.
java_major() {
	java_release=
	if [ -r "$1/release" ]; then
		java_release=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
	fi
	if [ -z "$java_release" ] && [ -x "$1/bin/java" ]; then
		java_release=$("$1/bin/java" -version 2>&1 | sed -n '1s/.*version "\([0-9]*\).*/\1/p')
	fi
	printf '%s\n' "$java_release"
}

# Takes folder $1 when it has a Java (and the tool $2, such as javac) of the minimum version or later.
java_try() {
	[ -x "$1/bin/java" ] && [ -x "$1/bin/${2:-java}" ] || return 1
	java_version=$(java_major "$1")
	[ "${java_version:-0}" -ge "$java_minimum" ] || return 1
	java_home=$1
}

# Sets java_home and java_version: JAVA_HOME first, then PATH, then /usr/lib/jvm. $1: a tool it must have.
find_java() {
	if [ -n "${JAVA_HOME:-}" ] && java_try "$JAVA_HOME" "${1:-}"; then
		return 0
	fi
	java_on_path=$(command -v java || true)
	if [ -n "$java_on_path" ]; then
		java_on_path=$(readlink -f "$java_on_path")
		if java_try "${java_on_path%/bin/java}" "${1:-}"; then
			return 0
		fi
	fi
	for java_candidate in /usr/lib/jvm/*; do
		if java_try "$java_candidate" "${1:-}"; then
			return 0
		fi
	done
	return 1
}
