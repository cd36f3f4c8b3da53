/* Calls getppid exactly as often as its argument says: something to count. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char *end;
	long count = argc > 1 ? strtol(argv[1], &end, 10) : 0;

	if (argc < 2 || *end || count < 0) {
		fprintf(stderr, "usage: getppid COUNT\n");
		return 2;
	}
	while (count-- > 0)
		syscall(SYS_getppid);
	return 0;
}
