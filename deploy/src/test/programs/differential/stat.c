/* What files are: the stat family, statfs, directories, extended attributes. */
#include "case.h"
#include <linux/stat.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/xattr.h>

static struct stat st;
static struct statx stx;
static struct statfs fs;
static char buffer[4096];

CASE(fstat) { int fd = CALL(openat, AT_FDCWD, "letters", 0); CALL(fstat, fd, &st); CALL(fstat, 0, &st); CALL(fstat, -1, &st); CALL(fstat, fd, NOWHERE); CALL(fstat, fd, NULL); }
CASE(newfstatat) { CALL(newfstatat, AT_FDCWD, "letters", &st, 0); CALL(newfstatat, AT_FDCWD, "link", &st, AT_SYMLINK_NOFOLLOW); CALL(newfstatat, AT_FDCWD, "tree", &st, AT_NO_AUTOMOUNT); CALL(newfstatat, AT_FDCWD, "missing", &st, 0); CALL(newfstatat, AT_FDCWD, "letters", &st, 0x5000); }
CASE(stat_device) { CALL(newfstatat, AT_FDCWD, "/dev/null", &st, 0); CALL(newfstatat, AT_FDCWD, "/dev/tty", &st, 0); CALL(newfstatat, AT_FDCWD, "/proc/self/exe", &st, 0); }
#ifdef SYS_stat
CASE(stat_old) { CALL(stat, "letters", &st); CALL(lstat, "link", &st); CALL(stat, "missing", &st); CALL(lstat, NULL, NULL); CALL(stat, NOWHERE, &st); }
#endif
CASE(stat_fifo) { CALL(mknodat, AT_FDCWD, "fifo", 010600, 0); CALL(newfstatat, AT_FDCWD, "fifo", &st, 0); CALL(fchmodat, AT_FDCWD, "letters", 07777); CALL(newfstatat, AT_FDCWD, "letters", &st, 0); }
CASE(statx) { CALL(statx, AT_FDCWD, "letters", 0, STATX_BASIC_STATS, &stx); CALL(statx, AT_FDCWD, "tree", AT_STATX_FORCE_SYNC, STATX_TYPE | STATX_MODE, &stx); CALL(statx, AT_FDCWD, "link", AT_SYMLINK_NOFOLLOW | AT_STATX_DONT_SYNC, STATX_ALL, &stx); CALL(statx, AT_FDCWD, "/dev/null", 0, STATX_BTIME | STATX_SIZE, &stx); }
CASE(statx_bad) { CALL(statx, AT_FDCWD, "missing", 0, 0, &stx); CALL(statx, 99, "", AT_EMPTY_PATH, 0x80000000, &stx); CALL(statx, AT_FDCWD, NULL, 0x6000, 0x10000, NULL); CALL(statx, AT_FDCWD, "letters", 0x8, 1, &stx); }
CASE(statfs) { CALL(statfs, "/proc", &fs); CALL(statfs, "/dev/shm", &fs); CALL(statfs, "missing", &fs); CALL(fstatfs, 0, &fs); CALL(fstatfs, -1, NULL); }
CASE(ustat_sysfs) {
#ifdef SYS_ustat
	CALL(ustat, 0x801, NOWHERE); CALL(sysfs, 3); CALL(sysfs, 1, "proc"); CALL(sysfs, 2, 99999, buffer); CALL(sysfs, 9, 1, 2);
#endif
	CALL(quotactl, -1, NULL, 0, NULL);
}
CASE(getdents64) { int fd = CALL(openat, AT_FDCWD, "tree", O_RDONLY | O_DIRECTORY); CALL(getdents64, fd, buffer, 4096); CALL(getdents64, fd, buffer, 4096); CALL(getdents64, fd, buffer, 1); CALL(getdents64, -1, buffer, 4096); CALL(getdents64, fd, NULL, 4096); }
#ifdef SYS_getdents
CASE(getdents) { int fd = CALL(openat, AT_FDCWD, "empty", O_RDONLY | O_DIRECTORY); CALL(getdents, fd, buffer, 4096); CALL(getdents, fd, buffer, 4096); CALL(getdents, -1, buffer, 10); }
#endif
CASE(setxattr) { CALL(setxattr, "letters", "user.one", "value", 5, 0); CALL(setxattr, "letters", "user.one", "other", 5, XATTR_CREATE); CALL(setxattr, "letters", "user.two", "\0\1\2binary\377", 10, XATTR_REPLACE); CALL(lsetxattr, "link", "user.x", "v", 1, 0x30); CALL(fsetxattr, -1, "user.x", NULL, 0, 3); CALL(setxattr, "letters", "user.one", NOWHERE, 5, 0); }
CASE(getxattr) { CALL(setxattr, "letters", "user.one", "value", 5, 0); CALL(getxattr, "letters", "user.one", buffer, 100); CALL(getxattr, "letters", "user.one", NULL, 0); CALL(getxattr, "letters", "user.one", buffer, 2); CALL(getxattr, "letters", "user.none", buffer, 100); CALL(lgetxattr, "link", "security.selinux", buffer, 100); CALL(fgetxattr, -1, NULL, NULL, 1); }
CASE(listxattr) { CALL(setxattr, "letters", "user.one", "value", 5, 0); CALL(setxattr, "letters", "user.two", "value", 5, 0); CALL(listxattr, "letters", buffer, 100); CALL(listxattr, "letters", NULL, 0); CALL(listxattr, "letters", buffer, 3); CALL(llistxattr, "link", buffer, 100); CALL(flistxattr, -1, buffer, 1); }
CASE(removexattr) { CALL(setxattr, "letters", "user.one", "value", 5, 0); CALL(removexattr, "letters", "user.one"); CALL(removexattr, "letters", "user.one"); CALL(lremovexattr, "link", "user.a"); CALL(fremovexattr, -1, NULL); }
