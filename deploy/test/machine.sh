# Sourced by tests that need a system under systemd: boots the folder debian_systemd by systemd-nspawn on this
# machine's kernel, with nothing written to it, and runs commands there.
#
# It has a pid namespace of its own, and BPF knows the host's numbers alone. So the host's /proc is bound to /host-proc
# for the service under test, and machine_as gives its commands the host's numbers, too.

machine_cgroup=rastro-test-$$
machine_nspawn=
machine_leader=

# $1: a folder of this machine that appears as /host
machine_boot() {
	machine_folder=$1
	# Its own cgroup, in a hierarchy of its own: what else this machine has mounted there is not its business.
	unshare --mount --propagation private sh -eu -c '
		umount -R -l /sys/fs/cgroup 2>/dev/null || true
		mount -t cgroup2 none /sys/fs/cgroup
		mkdir -p "/sys/fs/cgroup/$1/boot"
		echo $$ >"/sys/fs/cgroup/$1/boot/cgroup.procs"
		exec systemd-nspawn --quiet --directory="$2" --volatile=overlay --boot --register=no --keep-unit \
			--machine=rastro-test --private-users=no --capability=CAP_BPF,CAP_PERFMON \
			--system-call-filter="bpf perf_event_open" --bind=/proc:/host-proc --bind="$3":/host --console=pipe
	' sh "$machine_cgroup" "$debian_systemd" "$machine_folder" >"$machine_folder/console" 2>&1 </dev/null &
	machine_nspawn=$!
	machine_await 300 machine_find_leader
	machine_await 300 machine_in test -S /run/systemd/private
	machine_in systemctl is-system-running --wait >/dev/null || true
}

machine_find_leader() {
	machine_leader=$(pgrep -P "$machine_nspawn" -x systemd)
}

# Runs a command until it succeeds. $1: seconds
machine_await() {
	machine_deadline=$(($(date +%s) + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		if [ "$(date +%s)" -ge "$machine_deadline" ]; then
			echo "still not so: $*" >&2
			return 1
		fi
		sleep 0.1
	done
}

# A command as its root.
machine_in() {
	nsenter --target "$machine_leader" --all /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb \
		DEBIAN_FRONTEND=noninteractive SYSTEMD_PAGER= LC_ALL=C.UTF-8 "$@" </dev/null
}

# A command as one of its users, under the host's numbers. $1: the user
machine_as() {
	(machine_become "$@")
}

# The same in the place of this shell, so that $! of one in the background is the command.
machine_become() {
	exec nsenter --target "$machine_leader" --mount --uts --ipc --net unshare --mount sh -c '
		mount --rbind /host-proc /proc
		cd /
		user=$1
		shift
		exec setpriv --reuid "$user" --regid "$user" --init-groups env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/ \
			LC_ALL=C.UTF-8 "$@"
	' sh "$@" </dev/null
}

machine_halt() {
	[ -n "$machine_nspawn" ] || return 0
	if [ -n "$machine_leader" ]; then
		kill -s RTMIN+3 "$machine_leader" 2>/dev/null || true
	fi
	machine_await 20 machine_is_gone || kill -KILL "$machine_nspawn" 2>/dev/null || true
	wait "$machine_nspawn" 2>/dev/null || true
	machine_nspawn=
	for machine_hierarchy in /sys/fs/cgroup /sys/fs/cgroup/unified; do
		if [ -d "$machine_hierarchy/$machine_cgroup" ]; then
			# What has just died keeps its cgroup for a moment.
			machine_await 10 find "$machine_hierarchy/$machine_cgroup" -depth -type d -exec rmdir {} + || true
		fi
	done
}

machine_is_gone() {
	! kill -0 "$machine_nspawn" 2>/dev/null
}
