/* Makes writes and syncs of a database's files fail. Loaded into the program with LD_PRELOAD.
 *
 * The file named by FAIL_WRITES holds two 64-bit numbers: how many more writes and syncs succeed, and how many fail
 * after that. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

static _Atomic int64_t *control(void) {
    static _Atomic int64_t *mapped;
    if (!mapped) {
        int fd = open(getenv("FAIL_WRITES"), O_RDWR);
        mapped = mmap(NULL, 16, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        close(fd);
    }
    return mapped;
}

static int fails(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    if (!strstr(path, "countersign.db")) return 0;
    int64_t left = atomic_fetch_sub(control(), 1);
    return left <= 0 && left > -atomic_load(control() + 1);
}

#define NEXT(name) __typeof__(&name) next = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
    NEXT(pwrite64);
    if (fails(fd)) { errno = ENOSPC; return -1; }
    return next(fd, bytes, count, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) {
    NEXT(pwrite);
    if (fails(fd)) { errno = ENOSPC; return -1; }
    return next(fd, bytes, count, at);
}

ssize_t write(int fd, const void *bytes, size_t count) {
    NEXT(write);
    if (fails(fd)) { errno = ENOSPC; return -1; }
    return next(fd, bytes, count);
}

int fsync(int fd) {
    NEXT(fsync);
    if (fails(fd)) { errno = EIO; return -1; }
    return next(fd);
}

int fdatasync(int fd) {
    NEXT(fdatasync);
    if (fails(fd)) { errno = EIO; return -1; }
    return next(fd);
}
