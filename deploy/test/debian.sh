# Sourced by the tests that need a Debian of their own: bare systems, fetched once and kept for all trees of this
# account, and what this machine knows of the package registries.

debian_suite=bookworm
debian_cache=${XDG_CACHE_HOME:-$HOME/.cache}/rastro
debian_tar=$debian_cache/$debian_suite.tar

# $1: who asks, for messages
debian_require() {
	if [ "$(id -u)" != 0 ] || ! command -v debootstrap >/dev/null; then
		echo "$1: needs root and the package debootstrap" >&2
		exit 1
	fi
}

# Makes debian_tar, a bare system, unless it is there.
debian_fetch() {
	[ ! -e "$debian_tar" ] || return 0
	echo "fetching $debian_suite" >&2
	mkdir -p "$debian_cache"
	debian_new=$(mktemp -d "$debian_cache/new.XXXXXX")
	chmod 755 "$debian_new"
	debootstrap --variant=minbase "$debian_suite" "$debian_new" >"$debian_cache/debootstrap.log" 2>&1 || {
		tail "$debian_cache/debootstrap.log" >&2
		exit 1
	}
	# debootstrap mounts proc and sysfs in there and does not always take them off.
	for debian_folder in proc sys; do
		if mountpoint -q "$debian_new/$debian_folder"; then
			umount -R "$debian_new/$debian_folder"
		fi
	done
	tar -C "$debian_new" --one-file-system -cf "$debian_new.tar" .
	mv "$debian_new.tar" "$debian_tar"
	rm -rf --one-file-system "$debian_new"
}

# How to reach the package registries is this machine's business: names, certificates, apt's settings.
# $1: the root folder
debian_registries() {
	cp -L /etc/resolv.conf /etc/hosts "$1/etc/"
	mkdir -p "$1/usr/local/share/ca-certificates"
	for debian_file in /usr/local/share/ca-certificates/*.crt; do
		[ -e "$debian_file" ] && cp "$debian_file" "$1/usr/local/share/ca-certificates/"
	done
	for debian_file in /etc/apt/apt.conf.d/99*; do
		[ -e "$debian_file" ] && cp "$debian_file" "$1/etc/apt/apt.conf.d/"
	done
	return 0
}

# Makes debian_systemd, a folder with a system that boots, unless it is there.
debian_systemd=$debian_cache/$debian_suite-systemd
debian_make_systemd() {
	if [ ! -e "$debian_systemd" ]; then
		debian_fetch
		debian_new=$(mktemp -d "$debian_cache/new.XXXXXX")
		tar -C "$debian_new" -xf "$debian_tar"
		debian_registries "$debian_new"
		chroot "$debian_new" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive sh -c '
			apt-get -q update && apt-get -q -y --no-install-recommends install systemd systemd-sysv dbus' \
			>"$debian_cache/systemd.log" 2>&1 </dev/null || {
			tail "$debian_cache/systemd.log" >&2
			exit 1
		}
		mv "$debian_new" "$debian_systemd"
	fi
	debian_registries "$debian_systemd"
}
