/* Tells all that a process writes below one folder, in the order in which it happened.

   Preloaded (LD_PRELOAD) with CUT_FOLDER and CUT_TRACE set, it stands before write, pwrite,
   ftruncate, fsync, fdatasync, unlink and rename. Each record of the trace is

       kind (1 byte), length of the path (4), offset (8), length of the data (8), path, data

   with the kinds W write, T truncate, S sync, U unlink, R rename (the data is the new name) and
   A: what was said on standard output. Nothing is held back here: what a power cut would have
   left is made from the trace afterwards, for any moment in it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
static int trace = -1;
static char folder[PATH_MAX];

__attribute__((constructor)) static void begin(void)
{
    const char *to = getenv("CUT_TRACE"), *below = getenv("CUT_FOLDER");
    if (to == NULL || below == NULL)
        return;
    snprintf(folder, sizeof folder, "%s/", below);
    trace = open(to, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void put(const void *what, size_t length)
{
    const char *at = what;
    while (length > 0) {
        ssize_t done = syscall(SYS_write, trace, at, length);
        if (done <= 0)
            _exit(99);
        at += done;
        length -= (size_t)done;
    }
}

static void tell(char kind, const char *path, uint64_t offset, const void *data, uint64_t length)
{
    uint32_t named = (uint32_t)strlen(path);
    put(&kind, 1);
    put(&named, 4);
    put(&offset, 8);
    put(&length, 8);
    put(path, named);
    put(data, length);
}

/* The name of an open file below the folder, or NULL. */
static const char *known(int fd, char *into)
{
    char link[64];
    size_t most = strlen(folder);
    if (trace < 0)
        return NULL;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, into, PATH_MAX - 1);
    if (length < 0)
        return NULL;
    into[length] = 0;
    if (strncmp(into, folder, most) == 0)
        return into + most;
    return strncmp(into, folder, most - 1) == 0 && into[most - 1] == 0 ? "" : NULL;
}

static const char *named(const char *path, char *into)
{
    size_t most = strlen(folder);
    if (trace < 0 || realpath(path, into) == NULL)
        return NULL;
    return strncmp(into, folder, most) == 0 ? into + most : NULL;
}

#define REAL(name) \
    static __typeof__(&name) real; \
    if (real == NULL) \
        real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *data, size_t length)
{
    char path[PATH_MAX];
    const char *name;
    REAL(write);
    if (trace >= 0 && fd == STDOUT_FILENO) {
        pthread_mutex_lock(&one);
        tell('A', "", 0, data, length);
        pthread_mutex_unlock(&one);
        return real(fd, data, length);
    }
    if ((name = known(fd, path)) == NULL)
        return real(fd, data, length);
    pthread_mutex_lock(&one);
    ssize_t done = real(fd, data, length);
    if (done > 0)
        tell('W', name, (uint64_t)(lseek(fd, 0, SEEK_CUR) - done), data, (uint64_t)done);
    pthread_mutex_unlock(&one);
    return done;
}

#define PWRITE(pwrite, offset_t) \
    ssize_t pwrite(int fd, const void *data, size_t length, offset_t offset) \
    { \
        char path[PATH_MAX]; \
        const char *name = known(fd, path); \
        REAL(pwrite); \
        if (name == NULL) \
            return real(fd, data, length, offset); \
        pthread_mutex_lock(&one); \
        ssize_t done = real(fd, data, length, offset); \
        if (done > 0) \
            tell('W', name, (uint64_t)offset, data, (uint64_t)done); \
        pthread_mutex_unlock(&one); \
        return done; \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define TRUNCATE(ftruncate, offset_t) \
    int ftruncate(int fd, offset_t length) \
    { \
        char path[PATH_MAX]; \
        const char *name = known(fd, path); \
        REAL(ftruncate); \
        if (name == NULL) \
            return real(fd, length); \
        pthread_mutex_lock(&one); \
        int done = real(fd, length); \
        if (done == 0) \
            tell('T', name, (uint64_t)length, "", 0); \
        pthread_mutex_unlock(&one); \
        return done; \
    }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

#define SYNC(fsync) \
    int fsync(int fd) \
    { \
        char path[PATH_MAX]; \
        const char *name = known(fd, path); \
        REAL(fsync); \
        if (name == NULL) \
            return real(fd); \
        pthread_mutex_lock(&one); \
        tell('S', name, 0, "", 0); \
        pthread_mutex_unlock(&one); \
        return 0; \
    }
SYNC(fsync)
SYNC(fdatasync)

int unlink(const char *path)
{
    char into[PATH_MAX];
    REAL(unlink);
    pthread_mutex_lock(&one);
    const char *name = named(path, into);
    int done = real(path);
    if (done == 0 && name != NULL)
        tell('U', name, 0, "", 0);
    pthread_mutex_unlock(&one);
    return done;
}

int rename(const char *from, const char *to)
{
    char into[PATH_MAX];
    REAL(rename);
    pthread_mutex_lock(&one);
    const char *name = named(from, into);
    int done = real(from, to);
    if (done == 0 && name != NULL)
        tell('R', name, 0, to, strlen(to));
    pthread_mutex_unlock(&one);
    return done;
}
