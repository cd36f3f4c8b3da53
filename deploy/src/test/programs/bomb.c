// A fork bomb that burns out: each process starts two, until as many as asked for have run. No more than WIDTH live
// at once, so that the machine is left alive, too.
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define WIDTH 64

struct shared {
	int left;
	int living;
};

static struct shared *shared;

static int take(int *from)
{
	int had = __atomic_fetch_sub(from, 1, __ATOMIC_RELAXED);

	if (had > 0)
		return 1;
	__atomic_fetch_add(from, 1, __ATOMIC_RELAXED);
	return 0;
}

static void burn(void)
{
	int child;

	for (child = 0; child < 2 && take(&shared->left); child++) {
		if (!take(&shared->living)) {
			__atomic_fetch_add(&shared->left, 1, __ATOMIC_RELAXED);
			break;
		}
		if (fork() == 0) {
			burn();
			__atomic_fetch_add(&shared->living, 1, __ATOMIC_RELAXED);
			_exit(0);
		}
	}
	while (wait(NULL) > 0)
		;
}

int main(int argc, char **argv)
{
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	shared->left = argc > 1 ? atoi(argv[1]) : 1000;
	shared->living = WIDTH;
	while (shared->left > 0)
		burn();
	return 0;
}
