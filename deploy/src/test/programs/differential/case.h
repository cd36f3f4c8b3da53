/*
 * A family of cases is one program. Each CASE is a function that makes calls and prints nothing; argv[1] says which one
 * runs, and "--list" names them all. The write to descriptor -1 marks where the case begins, so that what the loader
 * does is not compared again with each case.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

struct case_entry {
	const char *name;
	void (*run)(void);
};

#define CASE(NAME)                                                                                    \
	static void case_##NAME(void);                                                                \
	static const struct case_entry entry_##NAME __attribute__((used, section("cases"), aligned(8))) = { #NAME, case_##NAME }; \
	static void case_##NAME(void)

/* The call itself, without what libc would make of it. */
#define CALL(NAME, ...) syscall(SYS_##NAME, ##__VA_ARGS__)

/* One CALL cannot stand within another. */
#define SELF syscall(SYS_getpid)
#define TASK syscall(SYS_gettid)

enum { PAGE_BYTES = 4096, EDGES = 32 };

/* An address at which nothing lies. */
#define NOWHERE ((void *)0xdead0000UL)

extern const struct case_entry __start_cases[], __stop_cases[];
static char *edges;

/* Copies bytes to the very end of a page that nothing follows. */
static inline void *edge(const void *bytes, size_t count)
{
	char *end;

	edges += 2 * PAGE_BYTES;
	end = edges - PAGE_BYTES;
	return memcpy(end - count, bytes, count);
}

int main(int argc, char **argv)
{
	const struct case_entry *entry;

	if (argc == 2 && strcmp(argv[1], "--list") == 0) {
		for (entry = __start_cases; entry < __stop_cases; entry++)
			puts(entry->name);
		return 0;
	}
	edges = mmap(NULL, 2 * EDGES * PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (int i = 0; i < EDGES; i++)
		munmap(edges + (2 * i + 1) * PAGE_BYTES, PAGE_BYTES);
	for (entry = __start_cases; argc == 2 && entry < __stop_cases; entry++) {
		if (strcmp(entry->name, argv[1]) == 0) {
			CALL(write, -1, "begin", 5);
			entry->run();
			CALL(exit_group, 0);
		}
	}
	fprintf(stderr, "no such case\n");
	return 2;
}
