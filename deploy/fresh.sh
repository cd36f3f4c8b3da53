# Sourced by ./rastro and deploy/build: is the image newer than every source that it is made of?
# $1: the tree. Tests and benchmarks are no part of the image, so editing one builds nothing.

image_is_fresh() {
	[ -x "$1/deploy/target/image/bin/rastro" ] && [ -e "$1/deploy/target/built" ] || return 1
	[ -z "$(find "$1/pom.xml" "$1/.mvn" "$1/mvnw" "$1"/*/pom.xml "$1"/*/*.sh "$1"/*/src \( -path '*/src/test' -o -path "$1/bench" -o -path "$1/bench/*" \) -prune \
		-o -newer "$1/deploy/target/built" -print -quit)" ]
}
