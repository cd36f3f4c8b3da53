# Sourced by bin/rastro and bin/rastrod: what both need to start a JVM out of this image.
# Nothing here may be exported or change a limit, the folder or a descriptor: the client hands its own on
# to the command that it traces.

image_home=${image_self%/bin/*}
. "$image_home/lib/java.sh"

if ! find_java; then
	echo "${0##*/}: no Java $java_minimum or later in JAVA_HOME, PATH or /usr/lib/jvm;" \
		"install it, e.g. apt-get install openjdk-17-jre-headless" >&2
	exit 1
fi

# Later JVMs ask for leave to use JNA and sun.misc.Unsafe; earlier ones do not know these options.
image_version_options=
if [ "$java_version" -ge 24 ]; then
	image_version_options="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
fi

# Made by deploy/archive where the image was built. One of another Java is not taken, and that is no error.
image_archive=$image_home/lib/${image_self##*/}-java$java_version.jsa
image_archive_option=
if [ -r "$image_archive" ]; then
	image_archive_option=-XX:SharedArchiveFile=$image_archive
fi
