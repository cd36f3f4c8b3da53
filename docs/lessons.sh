#!/bin/sh
# Writes docs/lessons.md: runs each lesson's command and puts down what it printed, as it was.
#     sudo docs/lessons.sh
set -eu

root=$(dirname "$(dirname "$(readlink -f "$0")")")
page=$root/docs/lessons.md
work=$(mktemp -d)
helper=
trap 'if [ -n "$helper" ]; then kill "$helper"; fi; rm -rf "$work"' EXIT
rastro=$root/rastro
# The system's own programs: what a version switcher does first is no lesson.
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH
"$rastro" --help >/dev/null
mkdir "$work/folder"
touch "$work/folder/alpha" "$work/folder/beta"
for program in fork worker; do
	gcc -O2 -o "$work/$program" "$root/examples/$program.c"
done
cp "$root"/examples/*.py "$work"
cd "$work"

text() {
	cat
	echo
}
# Shows a command as a reader would type it, and then runs it. $1: lines to show, all if empty.
show() {
	limit=$1
	shift
	echo '```console'
	echo "\$ sudo rastro $*"
	eval "\"\$rastro\" $*" >"$work/said" 2>&1 || true
	if [ -n "$limit" ] && [ "$(wc -l <"$work/said")" -gt "$limit" ]; then
		head -n "$limit" "$work/said"
		echo "... and $(($(wc -l <"$work/said") - limit)) lines more"
	else
		cat "$work/said"
	fi
	echo '```'
	echo
}
# Attaches until the trace has a line with $1, prodded by $2; then shows up to $3 lines that match $4.
watch() {
	wanted=$1
	prod=$2
	limit=$3
	lines=$4
	shift 4
	echo '```console'
	echo "\$ sudo rastro $*"
	: >"$work/said"
	: >"$work/trace"
	eval "exec \"\$rastro\" $* -o \"\$work/trace\"" >"$work/said" 2>&1 &
	tracer=$!
	deadline=$(($(date +%s) + 60))
	until grep -q attached "$work/said"; do
		[ "$(date +%s)" -lt "$deadline" ] && kill -0 "$tracer" || { cat "$work/said" >&2; exit 1; }
		sleep 0.1
	done
	eval "$prod" >/dev/null
	until grep -q "$wanted" "$work/trace"; do
		[ "$(date +%s)" -lt "$deadline" ] && kill -0 "$tracer" || { cat "$work/said" >&2; exit 1; }
		sleep 0.1
	done
	# A shell lets what it starts in the background ignore SIGINT.
	kill -TERM "$tracer"
	wait "$tracer" || true
	grep -E "$lines" "$work/trace" | head -n "$limit"
	echo '```'
	echo
}

{
	text <<'END'
# Lessons

Each of these can be typed as it stands, from the folder `examples/` of the source tree (`sudo ../rastro` instead of `sudo rastro`).
`fork.c` and `worker.c` want compiling first: `gcc -o fork fork.c`. This page is written by `docs/lessons.sh`, which runs the commands; what
they print is what was printed, with pids and addresses of that day.

## What is a system call?

A process that wants something from outside of itself, such as the name of the machine, asks the kernel. `hostname` and `uname` look like
two programs and ask for the same:
END
	show '' trace -e trace=uname -- hostname
	show '' trace -e trace=uname -- uname
	text <<'END'
## A program from its first call to its last

The first call is `execve`: it makes a process run a program, with its arguments and its environment. The last is `exit_group`, which never
returns, so its result is `?`. What stands in front of the work is the loader finding libraries.
END
	show 12 trace -f -- ls folder
	text <<'END'
That is much to read. What matters today is what `ls` wrote; the others are not even recorded:
END
	show '' trace -e trace=write -f -- ls folder
	text <<'END'
## Where in the file?

`lseek` moves the place at which the next `read` begins: from the start, from here, or from the end.
END
	show '' trace -e trace=lseek -o trace -- python3 seek.py '&& grep SEEK_ trace | tail -n 4'
	text <<'END'
## Is it there?

A call that fails gives −1 and says why. `ENOENT` is how a program learns that a file is missing, long before its own message says so:
END
	show '' trace -e trace=%file -o trace -- python3 stat.py /etc/hostname /no/such/file '&& grep -E "^newfstatat.*(etc/hostname|no/such)" trace'
	text <<'END'
## Fork: one becomes two

`fork` makes a copy of the process (the C library asks for it with `clone`). The parent gets the child's pid, and the child asks for
its own and for its parent's. With `-f` the children are followed from their first call on, and each line tells whose it is:
END
	show '' trace -f -e trace=clone,wait4,getpid,getppid -- ./fork
	text <<'END'
## A server, from outside

No source is needed and nothing is restarted: the API runs already, and goes on when the trace ends. Here it is while somebody calls
`GET /health`:
END
	python3 api.py >api.out &
	helper=$!
	until grep -q listening api.out; do sleep 0.1; done
	port=$(sed 's/.*://' api.out)
	watch 'shutdown' "python3 -c 'import urllib.request; urllib.request.urlopen(\"http://127.0.0.1:$port/health\").read()'" \
		8 'accept4|recvfrom|sendto|write|read|shutdown' trace -f -p "$helper" -e trace=%network,read,write
	kill "$helper"
	wait "$helper" 2>/dev/null || true
	helper=
	text <<'END'
## What is worth a look?

Before reading lines, count: which calls, how often, how many failed.
END
	show '' trace -c -f -- ls -l folder
	text <<'END'
Then look at what fails. A connection that nobody accepts:
END
	show '' trace -e trace=connect -- python3 connect.py
	text <<'END'
## An event loop

A worker waits for events in `epoll_wait`, a timer wakes it, it reads until there is no more (`EAGAIN` is no fault here), and a signal
interrupts it (`EINTR`), runs the handler and returns through `rt_sigreturn`:
END
	./worker 0 >worker.out &
	helper=$!
	until grep -q pid worker.out; do sleep 0.1; done
	watch 'EAGAIN' "kill -USR2 $helper" 12 . trace -p "$helper"
	kill "$helper"
	wait "$helper" 2>/dev/null || true
	helper=
} >"$work/page"
mv "$work/page" "$page"
