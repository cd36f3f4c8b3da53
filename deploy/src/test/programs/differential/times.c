/* Clocks, sleeping, timers. */
#include "case.h"
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>
#include <sched.h>

static struct timespec a = { 0, 5 }, b;
CASE(nanosleep) { CALL(nanosleep, &a, &b); CALL(nanosleep, &a, NULL); a.tv_nsec = -1; CALL(nanosleep, &a, &b); CALL(nanosleep, NULL, NULL); CALL(nanosleep, NOWHERE, &b); a.tv_sec = 1234567890123; a.tv_nsec = 1000000000; CALL(nanosleep, &a, NULL); }
CASE(clock_nanosleep) { CALL(clock_nanosleep, CLOCK_MONOTONIC, 0, &a, &b); CALL(clock_nanosleep, CLOCK_REALTIME, TIMER_ABSTIME, &a, NULL); CALL(clock_nanosleep, 77, 6, &a, NULL); CALL(clock_nanosleep, CLOCK_BOOTTIME, 0, NULL, &b); }
CASE(clock_getres) { for (int i = 0; i < 13; i++) CALL(clock_getres, i, &b); CALL(clock_getres, -6, &b); CALL(clock_getres, 0, NULL); CALL(clock_gettime, 77, &b); CALL(clock_gettime, 0, NULL); CALL(clock_getres, 0, NOWHERE); CALL(clock_gettime, ~3 << 3 | 3, &b); }
CASE(clock_settime) { CALL(clock_settime, CLOCK_MONOTONIC, &a); CALL(clock_settime, 77, NULL); CALL(settimeofday, NOWHERE, NULL); CALL(gettimeofday, NULL, NULL); struct timezone z; CALL(gettimeofday, NULL, &z); 
#ifdef SYS_time
CALL(time, NOWHERE);
#endif
}
CASE(itimers) { struct itimerval t = { { 0, 0 }, { 1000, 7 } }, o; CALL(getitimer, ITIMER_VIRTUAL, &o); CALL(setitimer, ITIMER_VIRTUAL, &t, NULL); t.it_value.tv_sec = 0; t.it_value.tv_usec = 0; CALL(setitimer, ITIMER_PROF, &t, &o); CALL(setitimer, 9, &t, &o); CALL(getitimer, 9, NULL); CALL(setitimer, ITIMER_REAL, NOWHERE, NULL); 
#ifdef SYS_alarm
CALL(alarm, 0); CALL(alarm, 1000); CALL(alarm, 0);
#endif
}
CASE(posix_timers) { int id; struct sigevent e = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value.sival_int = 7 }; struct itimerspec t = { { 0, 0 }, { 1000, 7 } }, o; CALL(timer_create, CLOCK_MONOTONIC, &e, &id); CALL(timer_settime, id, 0, &t, &o); CALL(timer_settime, id, TIMER_ABSTIME, &t, NULL); CALL(timer_getoverrun, id); CALL(timer_delete, id); CALL(timer_delete, id); e.sigev_notify = SIGEV_NONE; CALL(timer_create, CLOCK_REALTIME, &e, &id); CALL(timer_create, 77, NULL, &id); CALL(timer_create, 0, NULL, NULL); e.sigev_notify = 77; CALL(timer_create, 0, &e, &id); CALL(timer_gettime, 99, &o); CALL(timer_settime, 99, 4, NULL, NULL); e.sigev_notify = SIGEV_THREAD_ID; e.sigev_signo = 40; e._sigev_un._tid = 1; CALL(timer_create, 0, &e, &id); }
CASE(adjtimex) { struct timex t = { .modes = 0x8000 }; CALL(adjtimex, NULL); CALL(adjtimex, NOWHERE); CALL(clock_adjtime, 77, &t); CALL(clock_adjtime, CLOCK_MONOTONIC, NULL); t.modes = 0x1001; CALL(clock_adjtime, 77, &t); }
CASE(times) { CALL(times, NULL); CALL(times, NOWHERE); }
CASE(posix_timer_interval) { struct itimerspec o; int id; CALL(timer_create, CLOCK_MONOTONIC, NULL, &id); CALL(timer_gettime, id, &o); CALL(timer_settime, id, 0, NOWHERE, &o); CALL(timer_gettime, id, NULL); }
