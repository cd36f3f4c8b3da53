// SPDX-License-Identifier: Apache-2.0
/*
 * reference.c - loads the yardstick and reads its ring, as a C program with libbpf does.
 *
 *   reference OBJECT VARIANT     empty, call, call/cpu (a ring for each), call+count, bytes, bytes+count, count
 *     on [PID...]                  attaches, for these processes; without any, for nobody
 *     copy [PID...]                the same; the reader copies each record, as who passes it on must
 *     off                          detaches; answers "RECORDS LOST READER_NANOS", of CPU time
 *     drain                        (detached) reads what "fill" left; answers as "off"
 *     fill PID                     attaches without reading; "off" detaches
 *
 * The reader looks once a millisecond. Each answer is a line; on, copy and fill answer "on".
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include <linux/types.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "reference.h"

#define PERIOD_NANOS 1000000
#define BATCH_BYTES (64 << 10)

static const struct variant {
	const char *name, *enter, *exit;
} variants[] = {
	{"empty", "enter_empty", "exit_empty"},
	{"call", "enter_time", "exit_call"},
	{"call/cpu", "enter_time", "exit_call_cpu"},
	{"call+count", "enter_time", "exit_call_count"},
	{"bytes", "enter_time", "exit_bytes"},
	{"bytes+count", "enter_time", "exit_bytes_count"},
	{"count", "enter_time", "exit_count"},
};

static struct bpf_program *enter, *leave;
static struct bpf_link *enter_link, *leave_link;
static struct reference_control *control;
static struct ring_buffer *ring;
static atomic_bool reading;
static bool copying;
static unsigned char batch[BATCH_BYTES];
static size_t batch_at;
static pthread_t reader;
static unsigned long long records, checksum, nanos;

static void die(const char *what)
{
	fprintf(stderr, "reference: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int on_record(void *context, void *data, size_t length)
{
	const struct reference_call *call = data;

	records++;
	checksum += call->tid + length;
	if (copying) {
		if (batch_at + length > BATCH_BYTES)
			batch_at = 0;
		memcpy(batch + batch_at, data, length);
		batch_at += length;
	}
	return 0;
}

static unsigned long long cpu_nanos(void)
{
	struct timespec time;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
	return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

static void *read_ring(void *unused)
{
	struct timespec period = {.tv_nsec = PERIOD_NANOS};
	unsigned long long began = cpu_nanos();

	while (atomic_load(&reading)) {
		ring_buffer__consume(ring);
		nanosleep(&period, NULL);
	}
	ring_buffer__consume(ring);
	nanos = cpu_nanos() - began;
	return NULL;
}

static void add_rings(struct bpf_map *rings)
{
	int cpus = libbpf_num_possible_cpus(), cpu, fd;

	for (cpu = 0; cpu < cpus && cpu < CPUS_MAX; cpu++) {
		fd = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "ring_of_cpu", 0, 0, CPU_RING_BYTES, NULL);
		if (fd < 0 || bpf_map_update_elem(bpf_map__fd(rings), &cpu, &fd, BPF_ANY) ||
		    ring_buffer__add(ring, fd, on_record, NULL))
			die("ring of a processor");
		close(fd);
	}
}

static void load(const char *object_path, const char *name)
{
	const struct variant *variant = NULL;
	struct bpf_object *object;
	struct bpf_map *bss;
	size_t i;

	for (i = 0; i < sizeof(variants) / sizeof(variants[0]); i++) {
		if (!strcmp(variants[i].name, name))
			variant = &variants[i];
	}
	if (!variant) {
		fprintf(stderr, "reference: no variant %s\n", name);
		exit(2);
	}
	object = bpf_object__open_file(object_path, NULL);
	if (!object)
		die(object_path);
	enter = bpf_object__find_program_by_name(object, variant->enter);
	leave = bpf_object__find_program_by_name(object, variant->exit);
	bpf_program__set_autoload(enter, true);
	bpf_program__set_autoload(leave, true);
	if (bpf_object__load(object))
		die("load");
	bss = bpf_object__find_map_by_name(object, ".bss");
	control = mmap(NULL, sizeof(*control), PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(bss), 0);
	if (control == MAP_FAILED)
		die("mmap");
	ring = ring_buffer__new(bpf_object__find_map_fd_by_name(object, "ring"), on_record, NULL, NULL);
	if (!ring)
		die("ring");
	if (strstr(name, "/cpu"))
		add_rings(bpf_object__find_map_by_name(object, "rings"));
}

static void attach(char *pids)
{
	char *rest = NULL, *pid;

	memset(control, 0, sizeof(*control));
	for (pid = strtok_r(pids, " \n", &rest); pid; pid = strtok_r(NULL, " \n", &rest))
		control->gate[atoi(pid) / 64 % GATE_WORDS] |= 1ULL << (atoi(pid) % 64);
	records = 0;
	nanos = 0;
	enter_link = bpf_program__attach(enter);
	leave_link = bpf_program__attach(leave);
	if (!enter_link || !leave_link)
		die("attach");
	puts("on");
}

static void detach(void)
{
	bpf_link__destroy(enter_link);
	bpf_link__destroy(leave_link);
	if (atomic_exchange(&reading, false))
		pthread_join(reader, NULL);
	printf("%llu %llu %llu\n", records, (unsigned long long)control->lost, nanos);
}

static void drain(void)
{
	unsigned long long began = cpu_nanos();

	records = 0;
	ring_buffer__consume(ring);
	nanos = cpu_nanos() - began;
	printf("%llu %llu %llu\n", records, (unsigned long long)control->lost, nanos);
}

int main(int argc, char **argv)
{
	char line[65536];

	if (argc != 3) {
		fprintf(stderr, "usage: reference OBJECT VARIANT\n");
		return 2;
	}
	load(argv[1], argv[2]);
	setvbuf(stdout, NULL, _IOLBF, 0);
	puts("ready");
	while (fgets(line, sizeof(line), stdin)) {
		if (!strncmp(line, "on", 2) || !strncmp(line, "copy", 4)) {
			copying = *line == 'c';
			attach(line + (copying ? 4 : 2));
			atomic_store(&reading, true);
			if (pthread_create(&reader, NULL, read_ring, NULL))
				die("thread");
		} else if (!strncmp(line, "fill", 4)) {
			attach(line + 4);
		} else if (!strcmp(line, "off\n")) {
			detach();
		} else if (!strcmp(line, "drain\n")) {
			drain();
		} else {
			fprintf(stderr, "reference: not understood: %s", line);
			return 2;
		}
	}
	return checksum == 1;	/* so that the records are read */
}
