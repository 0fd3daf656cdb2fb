/* Preloaded into a server under test: its wall clock stands where a mapped file says, in microseconds; 0 is real time. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static int64_t wall(void) {
    static volatile int64_t *shown;
    if (!shown) {
        const char *path = getenv("CACHEPROOF_CLOCK");
        int file = path ? open(path, O_RDONLY) : -1;
        void *page = file < 0 ? MAP_FAILED : mmap(0, 8, PROT_READ, MAP_SHARED, file, 0);
        if (page == MAP_FAILED) _exit(99);
        shown = page;
    }
    if (*shown) return *shown;
    struct timespec t;
    syscall(SYS_clock_gettime, CLOCK_REALTIME, &t);
    return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

int clock_gettime(clockid_t id, struct timespec *t) {
    if (id != CLOCK_REALTIME && id != CLOCK_REALTIME_COARSE) return syscall(SYS_clock_gettime, id, t);
    int64_t now = wall();
    t->tv_sec = now / 1000000;
    t->tv_nsec = now % 1000000 * 1000;
    return 0;
}

int gettimeofday(struct timeval *restrict t, void *restrict zone) {
    (void) zone;
    int64_t now = wall();
    t->tv_sec = now / 1000000;
    t->tv_usec = now % 1000000;
    return 0;
}

time_t time(time_t *t) {
    time_t now = wall() / 1000000;
    if (t) *t = now;
    return now;
}
