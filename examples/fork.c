/* Starts three children, waits for each and tells who is whose child. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (int i = 0; i < 3; i++) {
		pid_t child = fork();

		if (child < 0) {
			perror("fork");
			return 1;
		}
		if (child == 0) {
			printf("child %d: pid %d, parent %d\n", i, getpid(), getppid());
			exit(i);
		}
	}
	for (int i = 0; i < 3; i++) {
		int status;
		pid_t ended = wait(&status);

		if (ended < 0) {
			perror("wait");
			return 1;
		}
		printf("parent %d: %d ended with %d\n", getpid(), ended, WEXITSTATUS(status));
	}
	return 0;
}
