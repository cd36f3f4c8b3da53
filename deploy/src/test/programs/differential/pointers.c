/* Strings and structures at the end of pages, at addresses that cannot be read, long and strange ones. */
#include "case.h"
#include <time.h>

static char text[8192];
static void path(const char *p) { CALL(openat, AT_FDCWD, p, O_RDONLY); }
static char *of(int length) { memset(text, 'q', length); text[length] = 0; return text; }

CASE(path_null) { path(NULL); }
CASE(path_nowhere) { path(NOWHERE); }
CASE(path_kernel) { path((char *)0xffffffff80000000UL); path((char *)-1L); path((char *)1); }
CASE(path_empty) { path(""); }
CASE(path_page_end) { path(edge("end", 4)); }
CASE(path_unterminated) { path(edge("end", 3)); }
CASE(path_across) { static char two[2 * PAGE_BYTES] __attribute__((aligned(PAGE_BYTES))); strcpy(two + PAGE_BYTES - 3, "across pages"); path(two + PAGE_BYTES - 3); }
CASE(path_long) { path(of(200)); path(of(255)); path(of(256)); }
CASE(path_longest) { path(of(4094)); path(of(4095)); path(of(4096)); path(of(5000)); }
CASE(path_controls) { path("a\nb\tc\rd\ve\ff\ag\bh\033i\177"); }
CASE(path_octal) { path("\1" "1\1" "8\12\37" "7\200" "9\377"); }
CASE(path_quotes) { path("\"quoted\" \\slashed\\ 'single' ?question? %percent%"); }
CASE(path_utf8) { path("caf\303\251 \342\202\254"); }
CASE(write_lengths) { for (int i = 30; i < 35; i++) CALL(write, -1, of(i), i); }
CASE(write_zeros) { memset(text, 0, 64); CALL(write, -1, text, 40); text[5] = '0'; CALL(write, -1, text, 7); text[6] = '9'; CALL(write, -1, text, 8); text[6] = 'a'; CALL(write, -1, text, 8); }
CASE(write_all_bytes) { for (int i = 0; i < 256; i++) text[i] = i; for (int i = 0; i < 256; i += 32) CALL(write, -1, text + i, 32); }
CASE(write_digits) { for (int i = 0; i < 10; i++) { char two[2] = { 1, '0' + i }; CALL(write, -1, two, 2); } }
CASE(write_page_end) { CALL(write, -1, edge("four", 4), 4); CALL(write, -1, edge("four", 4), 5); CALL(write, -1, edge("four", 4), 50); }
CASE(struct_page_end) { struct timespec t = { 0, 1 }; CALL(nanosleep, edge(&t, 16), NULL); CALL(nanosleep, edge(&t, 15), NULL); CALL(nanosleep, edge(&t, 8), NULL); }
CASE(array_page_end) { int ends[2] = { 0, 0 }; CALL(pipe2, edge(ends, 8), 0); CALL(pipe2, edge(ends, 7), 0); CALL(socketpair, 1, 1, 0, edge(ends, 4)); }
CASE(not_resident) { char *at = (void *)CALL(mmap, NULL, 8192L, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0L); path(at); CALL(write, -1, at + 4096, 5); }
CASE(not_resident_file) { int fd = CALL(openat, AT_FDCWD, "letters", O_RDONLY); char *at = (void *)CALL(mmap, NULL, 4096L, PROT_READ, MAP_PRIVATE, fd, 0L); CALL(write, -1, at, 10); CALL(memfd_create, at, 0); path(at); }
CASE(big_numbers) { CALL(lseek, 0, 0x7fffffffffffffffL, 0); CALL(pread64, -1, NULL, -1L, -1L); CALL(close, 0x123456789L); CALL(dup, 0x7fffffff); CALL(read, -2147483648L, NULL, 0L); CALL(openat, 0xffffffffffffff9cUL, "letters", 0); CALL(openat, 0xffffff9cUL, "letters", 0); CALL(kill, 0x100000000L + 999999, 0); }
CASE(high_bits) { CALL(openat, AT_FDCWD, "letters", 0x123400000000L); CALL(fchmodat, AT_FDCWD, "missing", 0x1234500000644L); CALL(umask, 0xfffff012); CALL(mmap, NULL, 4096L, 0x100000001L, 0x100000022L, 0xffffffffL, 0L); CALL(fchownat, AT_FDCWD, "missing", 0x1ffffffffL, 0x100000005L, 0); }
