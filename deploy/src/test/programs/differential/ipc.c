/* System V and POSIX message passing, futexes. */
#include "case.h"
#include <linux/futex.h>
#include <mqueue.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <time.h>

static struct { long type; char text[64]; } m = { 7, "a message" };
static int word;
static struct timespec soon = { 0, 1000 };

CASE(shm) { struct shmid_ds d; int id = CALL(shmget, IPC_PRIVATE, 4096, IPC_CREAT | 0600); CALL(shmctl, id, IPC_STAT, &d); CALL(shmctl, id, IPC_RMID, NULL); CALL(shmctl, id, IPC_RMID, NULL); CALL(shmget, 0x1234abcd, 5, 0666); CALL(shmget, IPC_PRIVATE, 0, IPC_EXCL | 04000 | 0x18000); CALL(shmat, -1, NULL, SHM_RDONLY); CALL(shmat, -1, NOWHERE, 0xf000); CALL(shmdt, NULL); CALL(shmctl, -1, 77, NULL); CALL(shmctl, -1, IPC_SET, &d); }
CASE(shm_info) { char b[256]; CALL(shmctl, -1, 12, NULL); CALL(shmctl, 99999, 13, b); CALL(shmctl, -1, 11, NULL); CALL(shmctl, 0, 14, NOWHERE); }
CASE(msg) { char in[80]; int id = CALL(msgget, IPC_PRIVATE, IPC_CREAT | 0644); CALL(msgsnd, id, &m, 9, IPC_NOWAIT); CALL(msgrcv, id, in, 64, 0, MSG_NOERROR); CALL(msgrcv, id, in, 64, -3, IPC_NOWAIT | MSG_EXCEPT); CALL(msgctl, id, IPC_RMID, NULL); CALL(msgsnd, id, &m, 9, 0); CALL(msgget, 77, 0); CALL(msgsnd, -1, NULL, 1, 0x77); CALL(msgrcv, -1, NOWHERE, 1, 1, 0); CALL(msgctl, -1, 77, NULL); }
CASE(msg_stat) { struct msqid_ds d; int id = CALL(msgget, IPC_PRIVATE, 0600); CALL(msgctl, id, IPC_STAT, &d); CALL(msgctl, id, IPC_SET, &d); CALL(msgctl, id, IPC_RMID, NULL); CALL(msgctl, 0, 3, NULL); CALL(msgctl, 0, 12, NULL); }
CASE(sem) { unsigned short values[] = { 1, 2 }; struct sembuf o[] = { { 0, 1, 0 }, { 1, -1, SEM_UNDO | IPC_NOWAIT } }; int id = CALL(semget, IPC_PRIVATE, 2, 0600 | IPC_CREAT); CALL(semctl, id, 0, SETALL, values); CALL(semop, id, o, 2); CALL(semtimedop, id, o, 2, &soon); CALL(semctl, id, 0, GETVAL, 0); CALL(semctl, id, 1, SETVAL, 5); CALL(semctl, id, 0, GETALL, values); CALL(semctl, id, 0, IPC_RMID, 0); CALL(semop, id, o, 1); CALL(semop, -1, NULL, 1); CALL(semtimedop, -1, NOWHERE, 1, NULL); CALL(semctl, -1, 0, 77, 5); CALL(semget, 5, 1, 0x7000); }
CASE(sem_stat) { struct semid_ds d; int id = CALL(semget, IPC_PRIVATE, 1, 0600); CALL(semctl, id, 0, IPC_STAT, &d); CALL(semctl, id, 0, 0x100 | IPC_STAT, &d); CALL(semctl, id, 0, GETPID, 0); CALL(semctl, id, 0, GETNCNT, NULL); CALL(semctl, id, 0, IPC_RMID, 0); CALL(semctl, -1, 0, 18, NULL); CALL(semctl, -1, 0, 19, NULL); }
CASE(mq) { struct mq_attr a = { .mq_maxmsg = 2, .mq_msgsize = 16 }, o; char in[16]; unsigned priority; int fd = CALL(mq_open, "rastro-differential", O_RDWR | O_CREAT | O_NONBLOCK, 0600, &a); CALL(mq_timedsend, fd, "hello", 5, 3, NULL); CALL(mq_timedsend, fd, "hello", 5, 3, &soon); CALL(mq_getsetattr, fd, NULL, &o); a.mq_flags = O_NONBLOCK; CALL(mq_getsetattr, fd, &a, &o); CALL(mq_timedreceive, fd, in, 16, &priority, NULL); CALL(mq_timedreceive, fd, in, 16, &priority, NULL); CALL(mq_timedreceive, fd, in, 16, NULL, &soon); CALL(mq_timedreceive, fd, in, 16, NULL, NULL); CALL(mq_unlink, "rastro-differential"); CALL(mq_unlink, "rastro-differential"); }
CASE(mq_notify) { struct sigevent e = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 }; CALL(mq_notify, -1, &e); e.sigev_notify = SIGEV_NONE; CALL(mq_notify, -1, &e); CALL(mq_notify, -1, NULL); CALL(mq_notify, -1, NOWHERE); CALL(mq_open, "nonesuch", O_RDONLY, 0, NULL); CALL(mq_open, "/bad", O_CREAT, 0600, NULL); CALL(mq_open, "x", O_CREAT, 0600, NOWHERE); CALL(mq_getsetattr, -1, NOWHERE, NULL); }
CASE(futex_wait) { CALL(futex, &word, FUTEX_WAIT, 1, NULL); CALL(futex, &word, FUTEX_WAIT_PRIVATE, 0, &soon); CALL(futex, &word, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 0, &soon, NULL, ~0U); CALL(futex, &word, FUTEX_WAIT_BITSET_PRIVATE, 0, &soon, NULL, 7); CALL(futex, &word, FUTEX_WAIT, -1, NOWHERE); }
CASE(futex_wake) { CALL(futex, &word, FUTEX_WAKE, 1); CALL(futex, &word, FUTEX_WAKE_PRIVATE, 0x7fffffff); CALL(futex, &word, FUTEX_WAKE_BITSET, 1, NULL, NULL, 5); CALL(futex, 1L, FUTEX_WAKE, 1); CALL(futex, NULL, FUTEX_WAKE, 1); }
CASE(futex_requeue) { static int other; CALL(futex, &word, FUTEX_REQUEUE, 1, 2L, &other); CALL(futex, &word, FUTEX_CMP_REQUEUE, 1, 2L, &other, 0); CALL(futex, &word, FUTEX_CMP_REQUEUE_PRIVATE, 1, 2L, &other, 5); CALL(futex, &word, FUTEX_WAKE_OP, 1, 1L, &other, FUTEX_OP(FUTEX_OP_SET, 3, FUTEX_OP_CMP_GT, 4)); CALL(futex, &word, FUTEX_WAKE_OP_PRIVATE, 1, 1L, &other, FUTEX_OP((FUTEX_OP_OR | 8), 3, FUTEX_OP_CMP_EQ, -4)); CALL(futex, &word, FUTEX_CMP_REQUEUE_PI, 1, 1L, &other, 0); CALL(futex, &word, FUTEX_WAIT_REQUEUE_PI, 1, &soon, &other, 0); }
CASE(futex_pi) { CALL(futex, &word, FUTEX_LOCK_PI, 0, NULL); CALL(futex, &word, FUTEX_UNLOCK_PI); CALL(futex, &word, FUTEX_TRYLOCK_PI_PRIVATE); CALL(futex, &word, 13, 0, &soon); CALL(futex, &word, FUTEX_FD, 3); CALL(futex, &word, 77, 1, 2L, 3L, 4); }
CASE(futex_waitv) { struct { uint64_t value, address; uint32_t flags, reserved; } w[] = { { 1, (uintptr_t)&word, 2, 0 }, { 0, (uintptr_t)&word, 0x82, 0 } }; CALL(futex_waitv, w, 2, 0, &soon, CLOCK_MONOTONIC); CALL(futex_waitv, w, 1, 0, NULL, 77); CALL(futex_waitv, NULL, 0, 5, NULL, 0); CALL(futex_waitv, NOWHERE, 2, 0, &soon, CLOCK_REALTIME); w[0].reserved = 9; CALL(futex_waitv, w, 2, 0, NULL, 0); }
