/* Opening, reading, writing and naming of files. */
#include "case.h"
#include <linux/openat2.h>
#include <sys/uio.h>

CASE(open_read)
{
	int fd = CALL(openat, AT_FDCWD, "letters", O_RDONLY | O_CLOEXEC);
	char buffer[64];

	CALL(read, fd, buffer, 8);
	CALL(pread64, fd, buffer, 64, 3);
	CALL(lseek, fd, 0, SEEK_END);
	CALL(lseek, fd, -4, SEEK_CUR);
	CALL(read, fd, buffer, 64);
	CALL(read, fd, buffer, 64);
	CALL(close, fd);
	CALL(close, fd);
}

CASE(open_flags)
{
	CALL(openat, AT_FDCWD, "new", O_RDWR | O_CREAT | O_EXCL, 0640);
	CALL(openat, AT_FDCWD, "new", O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0);
	CALL(openat, AT_FDCWD, "new", O_WRONLY | O_APPEND | O_TRUNC | O_SYNC | O_NOATIME);
	CALL(openat, AT_FDCWD, "new", O_RDONLY | O_DSYNC | O_NONBLOCK | O_ASYNC | O_LARGEFILE | O_NOCTTY);
	CALL(openat, AT_FDCWD, ".", O_RDONLY | O_DIRECTORY | O_PATH);
	CALL(openat, AT_FDCWD, ".", O_TMPFILE | O_RDWR, 0600);
	CALL(openat, AT_FDCWD, "link", O_RDONLY | O_NOFOLLOW);
	CALL(openat, -7, "letters", O_RDONLY);
	CALL(openat, AT_FDCWD, "letters", 3);
	CALL(openat, AT_FDCWD, "letters", O_DIRECT | 0x40000000);
	CALL(openat, AT_FDCWD, "missing", 0);
}

#ifdef SYS_open
CASE(old_names)
{
	int fd = CALL(open, "letters", O_RDWR);

	CALL(open, "made", O_CREAT | O_WRONLY, 04755);
	CALL(creat, "created", 0600);
	CALL(dup2, fd, 20);
	CALL(access, "letters", R_OK | W_OK);
	CALL(access, "letters", F_OK);
	CALL(access, "letters", 010 | X_OK);
	CALL(mkdir, "d", 0711);
	CALL(rmdir, "d");
	CALL(link, "letters", "l2");
	CALL(symlink, "letters", "s2");
	CALL(rename, "l2", "l3");
	CALL(unlink, "l3");
	CALL(chmod, "letters", 0600);
	CALL(chown, "letters", 0, -1);
	CALL(lchown, "link", -1, 0);
	CALL(readlink, "link", NOWHERE, 0);
	CALL(mknod, "fifo", 010644, 0);
	CALL(utime, "letters", NULL);
	CALL(utimes, "letters", NULL);
	CALL(futimesat, AT_FDCWD, "letters", NULL);
}
#endif

CASE(openat2)
{
	struct open_how how = { .flags = O_RDONLY | O_CLOEXEC, .resolve = RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH };
	struct { struct open_how how; uint64_t more; } longer = { .how = how, .more = 0 };

	CALL(openat2, AT_FDCWD, "letters", &how, sizeof(how));
	CALL(openat2, AT_FDCWD, "link", &how, sizeof(how));
	how.flags = O_CREAT | O_WRONLY;
	how.mode = 0600;
	how.resolve = RESOLVE_CACHED | RESOLVE_IN_ROOT | RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS;
	CALL(openat2, AT_FDCWD, "n2", &how, sizeof(how));
	how.resolve = 0x4000;
	CALL(openat2, AT_FDCWD, "n2", &how, sizeof(how));
	CALL(openat2, AT_FDCWD, "n2", &how, 8);
	CALL(openat2, AT_FDCWD, "n2", NULL, sizeof(how));
	CALL(openat2, AT_FDCWD, "n2", NOWHERE, sizeof(how));
	CALL(openat2, AT_FDCWD, "letters", &longer, sizeof(longer));
	longer.more = 7;
	CALL(openat2, AT_FDCWD, "letters", &longer, sizeof(longer));
}

CASE(write)
{
	int fd = CALL(openat, AT_FDCWD, "out", O_RDWR | O_CREAT, 0644);

	CALL(write, fd, "hello\n", 6);
	CALL(write, fd, "", 0);
	CALL(write, fd, NULL, 5);
	CALL(write, fd, NOWHERE, 5);
	CALL(write, fd, "tab\tquote\"back\\slash\r\v\f", 22);
	CALL(write, fd, "\0\1\0017\x7f\x80\xff\0019", 9);
	CALL(write, fd, "exactly thirty-two characters 32", 32);
	CALL(write, fd, "exactly thirty-three characters33", 33);
	CALL(pwrite64, fd, "there", 5, 100);
	CALL(pwrite64, fd, "there", 5, -1);
	CALL(write, 99, "nobody", 6);
	CALL(ftruncate, fd, 10);
	CALL(truncate, "out", 5);
	CALL(truncate, "out", -5);
	CALL(fsync, fd);
	CALL(fdatasync, fd);
	CALL(sync_file_range, fd, 0, 10, 7);
	CALL(syncfs, -1);
}

CASE(vectors)
{
	int fd = CALL(openat, AT_FDCWD, "out", O_RDWR | O_CREAT, 0644);
	char a[4], b[40];
	struct iovec out[] = { { "abc", 3 }, { "", 0 }, { "defghijklmnopqrstuvwxyz defghijklmnopqrstuvwxyz", 47 } };
	struct iovec in[] = { { a, 4 }, { b, 40 } };
	struct iovec bad[] = { { "ok", 2 }, { NOWHERE, 4 } };

	CALL(writev, fd, out, 3);
	CALL(pwritev, fd, out, 2, 100, 0);
	CALL(preadv, fd, in, 2, 0, 0);
	CALL(preadv, fd, in, 2, 48, 0);
	CALL(pwritev2, fd, out, 1, -1L, -1L, 0x10);
	CALL(preadv2, fd, in, 1, 0, 0, 8);
	CALL(preadv2, fd, in, 1, 0, 0, 0x4000);
	CALL(lseek, fd, 0, SEEK_SET);
	CALL(readv, fd, in, 2);
	CALL(readv, fd, in, 0);
	CALL(writev, fd, NULL, 1);
	CALL(writev, fd, NOWHERE, 1);
	CALL(writev, fd, bad, 2);
	CALL(writev, -1, out, 3);
	CALL(readv, -1, in, 2);
	CALL(writev, fd, edge(out, sizeof(out)), -1);
}

CASE(seek)
{
	int fd = CALL(openat, AT_FDCWD, "letters", O_RDONLY);

	CALL(lseek, fd, 0, SEEK_DATA);
	CALL(lseek, fd, 0, SEEK_HOLE);
	CALL(lseek, fd, 0x123456789abL, SEEK_SET);
	CALL(lseek, fd, -1, SEEK_SET);
	CALL(lseek, fd, 0, 77);
	CALL(lseek, -1, 0, 0);
}

CASE(names_at)
{
	char buffer[64];

	CALL(mkdirat, AT_FDCWD, "d", 01777);
	CALL(mknodat, AT_FDCWD, "pipe", 010600, 0);
	CALL(mknodat, AT_FDCWD, "null", 020666, 0x103);
	CALL(mknodat, AT_FDCWD, "reg", 0644, 0);
	CALL(mknodat, AT_FDCWD, "strange", 0170644, 5);
	CALL(symlinkat, "target of a link", AT_FDCWD, "s");
	CALL(readlinkat, AT_FDCWD, "s", buffer, 64);
	CALL(readlinkat, AT_FDCWD, "s", buffer, 3);
	CALL(readlinkat, AT_FDCWD, "letters", buffer, 3);
	CALL(linkat, AT_FDCWD, "letters", AT_FDCWD, "l", AT_SYMLINK_FOLLOW);
	CALL(linkat, AT_FDCWD, "letters", AT_FDCWD, "l", AT_EMPTY_PATH | 1);
	CALL(renameat, AT_FDCWD, "l", AT_FDCWD, "l2");
	CALL(renameat2, AT_FDCWD, "l2", AT_FDCWD, "letters", 1);
	CALL(renameat2, AT_FDCWD, "l2", AT_FDCWD, "letters", 6);
	CALL(renameat2, AT_FDCWD, "l2", AT_FDCWD, "letters", 0x80);
	CALL(unlinkat, AT_FDCWD, "l2", 0);
	CALL(unlinkat, AT_FDCWD, "d", AT_REMOVEDIR);
	CALL(unlinkat, AT_FDCWD, "d", 0xf000);
	CALL(faccessat, AT_FDCWD, "letters", R_OK);
	CALL(faccessat2, AT_FDCWD, "letters", W_OK | X_OK, AT_EACCESS | AT_SYMLINK_NOFOLLOW);
	CALL(fchmodat, AT_FDCWD, "letters", 06755);
	CALL(fchownat, AT_FDCWD, "letters", 1, 2, AT_EMPTY_PATH);
	CALL(fchown, 99, -1, -1);
	CALL(fchmod, 99, 0644);
	CALL(umask, 077);
	CALL(umask, 022);
	CALL(chdir, "tree");
	CALL(fchdir, 99);
	CALL(chroot, "missing");
	CALL(getcwd, buffer, 2);
	CALL(getcwd, NULL, 2);
}

CASE(duplicates)
{
	int fd = CALL(openat, AT_FDCWD, "letters", O_RDONLY);

	CALL(dup, fd);
	CALL(dup, -1);
	CALL(dup3, fd, 30, O_CLOEXEC);
	CALL(dup3, fd, fd, 0);
	CALL(dup3, fd, 31, 0x77);
	CALL(close_range, 30, 40, 0);
	CALL(close_range, 30, ~0U, 4);
	CALL(close_range, 30, 20, 2 | 0x100);
}

CASE(times)
{
	struct timespec two[] = { { 1, 2 }, { 3, 999999999 } };
	struct timespec special[] = { { 0, UTIME_NOW }, { 0, UTIME_OMIT } };
	struct timespec bad[] = { { -1, -1 }, { 0, 1000000000 } };

	CALL(utimensat, AT_FDCWD, "letters", two, 0);
	CALL(utimensat, AT_FDCWD, "letters", special, AT_SYMLINK_NOFOLLOW);
	CALL(utimensat, AT_FDCWD, "letters", bad, 0);
	CALL(utimensat, AT_FDCWD, "letters", NULL, 0);
	CALL(utimensat, AT_FDCWD, NULL, NOWHERE, 0x7000);
	CALL(utimensat, 99, NULL, edge(two, 16), 0);
}

CASE(copies)
{
	int in = CALL(openat, AT_FDCWD, "letters", O_RDONLY), out = CALL(openat, AT_FDCWD, "o", O_RDWR | O_CREAT, 0600);
	int64_t from = 3, to = 5;
	int ends[2];

	CALL(copy_file_range, in, &from, out, &to, 4, 0);
	CALL(copy_file_range, in, NULL, out, NULL, 4, 0);
	CALL(copy_file_range, -1, NOWHERE, -1, NULL, 4, 1);
	CALL(sendfile, out, in, NULL, 5);
	CALL(sendfile, out, in, &from, 5);
	CALL(sendfile, -1, in, &from, 5);
	CALL(pipe2, ends, O_CLOEXEC);
	CALL(splice, in, &to, ends[1], NULL, 7, SPLICE_F_MOVE | SPLICE_F_MORE);
	CALL(tee, ends[0], ends[0], 3, SPLICE_F_NONBLOCK);
	CALL(vmsplice, ends[1], (struct iovec[]){ { "spliced", 7 } }, 1, SPLICE_F_GIFT);
	CALL(splice, -1, NULL, -1, NULL, 7, 0x100);
	CALL(vmsplice, -1, NULL, 0, 0);
	CALL(fallocate, out, 0, 0, 100);
	CALL(fallocate, out, 3, 10, 20);
	CALL(fallocate, out, 0x50, 10, 20);
	CALL(fallocate, out, 0x100, 10, 20);
	CALL(fadvise64, in, 0, 0, 2);
	CALL(fadvise64, in, 0, 0, 22);
	CALL(readahead, in, 0, 10);
	CALL(flock, in, 6);
	CALL(flock, in, 8);
	CALL(flock, in, 99);
}

CASE(handles)
{
	struct { unsigned bytes; int type; unsigned char handle[16]; } handle = { 16, 0, { 0 } };
	int mount;

	handle.bytes = 0;
	CALL(name_to_handle_at, AT_FDCWD, "letters", &handle, &mount, 0);
	CALL(name_to_handle_at, AT_FDCWD, "missing", &handle, &mount, AT_SYMLINK_FOLLOW | 0x2000);
	CALL(name_to_handle_at, AT_FDCWD, "letters", NULL, NULL, 0);
	handle.bytes = 8;
	handle.type = 1;
	CALL(open_by_handle_at, -1, &handle, O_RDONLY);
	CALL(open_by_handle_at, -1, NOWHERE, O_RDWR | O_PATH);
}
