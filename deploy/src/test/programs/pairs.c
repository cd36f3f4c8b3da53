/*
 * Writes numbers into a pipe (descriptor 101) and reads each back (100): PAIRS times one small write and one small
 * read. After each 500 it rests for so many MICROSECONDS, if any.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	long pairs = argc > 1 ? atol(argv[1]) : 0, microseconds = argc > 2 ? atol(argv[2]) : 0;
	char text[16];
	int ends[2];

	if (pipe(ends) != 0)
		return 1;
	if (dup2(ends[1], 101) != 101 || dup2(ends[0], 100) != 100)
		return 1;
	for (long i = 0; i < pairs; i++) {
		int length = snprintf(text, sizeof(text), "%07ld\n", i);

		if (write(101, text, length) != length || read(100, text, sizeof(text)) != length)
			return 1;
		if (microseconds && i % 500 == 499)
			usleep(microseconds);
	}
	return 0;
}
