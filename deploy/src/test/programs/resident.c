/*
 * Gives write(2) on a closed descriptor memory that is not resident.
 *
 * resident storm THREADS CALLS [MICROSECONDS]
 *                                 each thread's calls are numbered: "0003:000017"; after each 50 it rests, if asked to
 * resident served                 a page that a userfaultfd should fill, and nobody does; one that nobody may read
 * resident cold FILE              a page of a file on a disk; prints whether the page cache held it before and after
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PAGE_BYTES = 4096, TEXT_BYTES = 11, CLOSED = 99, THREADS_MAX = 64, NUMBERS = 1000000 };

static long calls, microseconds;

/* Between these nobody changes the mappings, which is when memory cannot be looked at. */
static pthread_barrier_t begun, done;

static void check(int holds, const char *what)
{
	if (!holds) {
		perror(what);
		exit(1);
	}
}

static char *map(int fd)
{
	char *page = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | (fd < 0 ? MAP_ANONYMOUS : 0), fd, 0);

	check(page != MAP_FAILED, "mmap");
	return page;
}

static void *storm(void *argument)
{
	int number = (int)(long)argument, file = memfd_create("storm", 0);
	char text[TEXT_BYTES + 1], *page;

	check(ftruncate(file, PAGE_BYTES) == 0, "ftruncate");
	page = map(file);
	pthread_barrier_wait(&begun);
	for (long call = 0; call < calls; call++) {
		snprintf(text, sizeof(text), "%04d:%06ld", number, call % NUMBERS);
		check(pwrite(file, text, TEXT_BYTES, 100) == TEXT_BYTES, "pwrite");
		check(write(CLOSED, page + 100, TEXT_BYTES) < 0, "write");
		check(madvise(page, PAGE_BYTES, MADV_DONTNEED) == 0, "madvise");
		if (microseconds && call % 50 == 49)
			usleep(microseconds);
	}
	pthread_barrier_wait(&done);
	return NULL;
}

static void storms(int count)
{
	pthread_t threads[THREADS_MAX];

	check(count > 0 && count <= THREADS_MAX, "threads");
	check(pthread_barrier_init(&begun, NULL, count) == 0, "pthread_barrier_init");
	check(pthread_barrier_init(&done, NULL, count) == 0, "pthread_barrier_init");
	for (long i = 0; i < count; i++)
		check(pthread_create(&threads[i], NULL, storm, (void *)i) == 0, "pthread_create");
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
}

static void served(void)
{
	int faults = syscall(SYS_userfaultfd, O_CLOEXEC);
	struct uffdio_api api = { .api = UFFD_API };
	char *page = map(-1);
	struct uffdio_register range = { { (unsigned long)page, PAGE_BYTES }, UFFDIO_REGISTER_MODE_MISSING, 0 };

	check(faults >= 0 && ioctl(faults, UFFDIO_API, &api) == 0, "userfaultfd");
	check(ioctl(faults, UFFDIO_REGISTER, &range) == 0, "UFFDIO_REGISTER");
	write(CLOSED, page, 5);
	page = map(-1);
	memcpy(page, "hidden", 6);
	check(mprotect(page, PAGE_BYTES, PROT_NONE) == 0, "mprotect");
	write(CLOSED, page, 6);
}

static int is_cached(char *page)
{
	unsigned char resident;

	check(mincore(page, PAGE_BYTES, &resident) == 0, "mincore");
	return resident & 1;
}

static void cold(const char *path)
{
	int file = open(path, O_CREAT | O_RDWR | O_TRUNC, 0644), before;
	char *page;

	check(file >= 0 && write(file, "frozen", 6) == 6 && fsync(file) == 0, path);
	check(posix_fadvise(file, 0, PAGE_BYTES, POSIX_FADV_DONTNEED) == 0, "posix_fadvise");
	page = map(file);
	before = is_cached(page);
	write(CLOSED, page, 6);
	printf("%d %d\n", before, is_cached(page));
}

int main(int argc, char **argv)
{
	if ((argc == 4 || argc == 5) && strcmp(argv[1], "storm") == 0) {
		calls = atol(argv[3]);
		microseconds = argc == 5 ? atol(argv[4]) : 0;
		storms(atoi(argv[2]));
	} else if (argc == 2 && strcmp(argv[1], "served") == 0) {
		served();
	} else if (argc == 3 && strcmp(argv[1], "cold") == 0) {
		cold(argv[2]);
	} else {
		return 2;
	}
	return 0;
}
