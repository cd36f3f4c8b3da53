/*
 * Runs one case after the other: driver LIST FOLDER. Each line of LIST is an argument vector, with tabs between the
 * arguments. Each case runs as the driver's next child, in FOLDER, which is laid anew for it, with the same few files.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LINE_BYTES = 8192, MAX_ARGUMENTS = 16, PATIENCE_MILLIS = 60000 };

static const struct timespec then[2] = { { 1600000000, 123456789 }, { 1600000001, 987654321 } };

static void lay(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_CREAT | O_WRONLY | O_TRUNC, mode);

	if (fd < 0 || write(fd, text, strlen(text)) < 0 || futimens(fd, then) < 0) {
		perror(path);
		exit(1);
	}
	close(fd);
}

static void lay_folder(const char *folder, int number)
{
	char old[4096];

	snprintf(old, sizeof(old), "%s.%d", folder, number);
	rename(folder, old);
	if (mkdir(folder, 0755) < 0 || chdir(folder) < 0) {
		perror(folder);
		exit(1);
	}
	lay("letters", "alpha 1\nbeta 2\ngamma 3\n", 0644);
	lay("other.txt", "alpha 1\nepsilon 5\n", 0600);
	mkdir("empty", 0700);
	mkdir("tree", 0755);
	lay("tree/leaf", "green\n", 0644);
	symlink("letters", "link");
	utimensat(AT_FDCWD, "empty", then, 0);
	utimensat(AT_FDCWD, "tree", then, 0);
	utimensat(AT_FDCWD, "link", then, AT_SYMLINK_NOFOLLOW);
}

static void run(char *line)
{
	static char *const environment[] = { "PATH=/usr/bin:/bin", "LC_ALL=C", "HOME=/nonexistent", "PERL_HASH_SEED=0",
					     "PERL_INTERNAL_RAND_SEED=0", "PERL_RAND_SEED=0", NULL };
	char *arguments[MAX_ARGUMENTS + 1];
	int count = 0, null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int fd = 0; fd < 3; fd++)
		dup2(null, fd);
	for (char *word = strtok(line, "\t"); word && count < MAX_ARGUMENTS; word = strtok(NULL, "\t"))
		arguments[count++] = word;
	arguments[count] = NULL;
	execve(arguments[0], arguments, environment);
	_exit(127);
}

/* A case that hangs must not take the others with it. */
static int ended(pid_t child)
{
	struct pollfd wait = { .fd = syscall(SYS_pidfd_open, child, 0), .events = POLLIN };

	if (poll(&wait, 1, PATIENCE_MILLIS) == 0) {
		fprintf(stderr, "killed after %d ms\n", PATIENCE_MILLIS);
		kill(child, SIGKILL);
	}
	close(wait.fd);
	return waitpid(child, NULL, 0) == child;
}

int main(int argc, char **argv)
{
	static char line[LINE_BYTES];
	FILE *list = argc == 3 ? fopen(argv[1], "re") : NULL;

	if (!list) {
		perror("usage: driver LIST FOLDER");
		return 2;
	}
	umask(022);
	for (int number = 0; fgets(line, sizeof(line), list); number++) {
		pid_t child;

		line[strcspn(line, "\n")] = 0;
		lay_folder(argv[2], number);
		child = fork();
		if (child == 0)
			run(line);
		if (child < 0 || !ended(child)) {
			perror("fork");
			return 1;
		}
	}
	return 0;
}
