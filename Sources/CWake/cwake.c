#define _GNU_SOURCE
#include "cwake.h"

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

int rollcall_wake_create(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

void rollcall_wake_signal(int descriptor) {
    uint64_t one = 1;
    ssize_t written = write(descriptor, &one, sizeof one);
    (void)written;  // A full counter is readable already.
}

void rollcall_wake_clear(int descriptor) {
    uint64_t count;
    ssize_t taken = read(descriptor, &count, sizeof count);
    (void)taken;  // Nothing to clear is fine.
}

void rollcall_block_sigpipe(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    (void)pthread_sigmask(SIG_BLOCK, &set, NULL);
}
