/* Stands between a process and its disk: records every change, or fails the n-th call.
 *
 * Preloaded into the real till. It wraps what SQLite and Python call on files below one folder and
 * passes everything on to the kernel. What it cannot see is memory that is mapped: SQLite maps the
 * -shm files, which no power cut has to keep; any other mapping is recorded, so that a test can
 * say that there is none.
 *
 * KPOS_SHIM_DIR    the folder, absolute
 * KPOS_SHIM_LOG    records are appended here, one write each; several processes may share it
 * KPOS_SHIM_STATE  32 bytes shared by all processes of a run, see struct shared
 * KPOS_SHIM_SEED   where given, random bytes and the wall clock are those of this number
 * KPOS_SHIM_FAIL   "call name nth how": the nth call of a kind (a letter, as recorded; or *) on a
 *                  file of this name (or *) fails. `how` is an errno; `s`: half is written;
 *                  `h`: half is written, and the disk is full at the next call; `e` before an
 *                  errno: from then on every call that changes something fails, until it is healed
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#if __SIZEOF_LONG__ != 8
#error "off_t and off64_t must be the same"
#endif

#define FDS 1024
#define NAME 256
#define BEGINNING 1795291200 /* 2026-11-22T00:00:00Z: when a seeded world begins */

struct record { /* then name, second name, data */
    uint32_t size;
    uint8_t call;
    uint8_t made; /* open: the file is new */
    uint16_t error;
    int32_t pid;
    uint16_t name, name2;
    uint64_t inode;
    int64_t offset, length;
};

struct shared {
    uint32_t processes, seen, fired, healed;
    uint64_t clock_ms;
};

static struct {
    char on;
    uint64_t inode;
    char name[NAME];
} files[FDS];

static char top[PATH_MAX];
static size_t top_length;
static int log_fd = -1, urandom_fd = -1, seeded, own_pid;
static uint64_t randomness;
static struct shared none, *shared = &none;
static struct {
    char call, name[NAME], how;
    unsigned nth;
    int error, armed;
} plan;

__attribute__((constructor)) static void begin(void) {
    const char *dir = getenv("KPOS_SHIM_DIR"), *log = getenv("KPOS_SHIM_LOG");
    const char *state = getenv("KPOS_SHIM_STATE"), *seed = getenv("KPOS_SHIM_SEED");
    const char *fail = getenv("KPOS_SHIM_FAIL");
    if (!dir || !state) return;
    own_pid = getpid(), top_length = strlen(strncpy(top, dir, sizeof top - 1));
    int fd = syscall(SYS_openat, AT_FDCWD, state, O_RDWR | O_CLOEXEC);
    void *memory = mmap(NULL, sizeof none, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (fd < 0 || memory == MAP_FAILED) abort();
    shared = memory;
    uint64_t number = __sync_add_and_fetch(&shared->processes, 1);
    if (log) { /* out of the way of the low numbers that programs count on */
        int low = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
        log_fd = fcntl(low, F_DUPFD_CLOEXEC, FDS - 1);
        syscall(SYS_close, low);
    }
    if (seed) seeded = 1, randomness = strtoull(seed, NULL, 10) * 1000003 + number;
    char how[16];
    if (fail && sscanf(fail, "%c %255s %u %15s", &plan.call, plan.name, &plan.nth, how) == 4) {
        plan.armed = 1, plan.how = how[0], plan.error = atoi(how + (how[0] == 'e'));
    }
}

static void record(struct record *head, const char *name, const char *name2, const void *data) {
    int error = errno;
    size_t n = head->call == 'w' || head->call == 'O' ? (size_t)head->length : 0;
    struct iovec parts[4] = {{head, sizeof *head},
                             {(void *)name, strlen(name)},
                             {(void *)name2, strlen(name2)},
                             {(void *)data, n}};
    head->name = parts[1].iov_len, head->name2 = parts[2].iov_len, head->pid = own_pid;
    head->size = sizeof *head + head->name + head->name2 + n;
    if (log_fd >= 0) syscall(SYS_writev, log_fd, parts, 4);
    errno = error;
}

/* The path below the folder, or NULL; "." is the folder itself. */
static const char *below(int dirfd, const char *path, char *full) {
    if (!top_length) return NULL;
    if (path[0] != '/') {
        char link[64];
        if (dirfd == AT_FDCWD) strcpy(link, "/proc/self/cwd");
        else snprintf(link, sizeof link, "/proc/self/fd/%d", dirfd);
        ssize_t n = syscall(SYS_readlinkat, AT_FDCWD, link, full, PATH_MAX - NAME - 2);
        if (n < 0 || strlen(path) >= NAME) return NULL;
        full[n] = '/';
        strcpy(full + n + 1, path);
        path = full;
    }
    if (strncmp(path, top, top_length)) return NULL;
    if (!*(path += top_length)) return ".";
    return *path == '/' && strlen(path) < NAME ? path + 1 : NULL;
}

static int changes(char call) { return strchr("owtusdrlmax", call) != NULL; }

/* The errno that this call is to fail with, or 0; *n is how much of it is to be done. */
static int failure(char call, const char *name, size_t *n) {
    if (!plan.armed) return 0;
    if (shared->fired && plan.how == 'e') return !shared->healed && changes(call) ? plan.error : 0;
    const char *base = strrchr(name, '/');
    base = base ? base + 1 : name;
    int matches = (plan.call == '*' || plan.call == call) && (plan.name[0] == '*' || !strcmp(plan.name, base));
    if (!matches) return 0;
    unsigned seen = __sync_add_and_fetch(&shared->seen, 1);
    if (seen == plan.nth + 1 && plan.how == 'h') return ENOSPC;
    if (seen != plan.nth) return 0;
    shared->fired = 1;
    if (plan.how != 's' && plan.how != 'h') return plan.error;
    if (n) *n = (*n + 1) / 2;
    return 0;
}

/* What a wrapper ends with: the call, done or made to fail, is recorded. */
#define NAMED(CALL, DIRFD, PATH, NAME2, REAL)                                         \
    char full_[PATH_MAX];                                                             \
    const char *name_ = below(DIRFD, PATH, full_);                                    \
    int error_ = name_ ? failure(CALL, name_, NULL) : 0, result_ = -1;                \
    if (error_) errno = error_;                                                       \
    else result_ = REAL;                                                              \
    if (name_) {                                                                      \
        struct record head_ = {.call = CALL, .error = result_ < 0 ? errno : 0};       \
        record(&head_, name_, NAME2, "");                                             \
    }                                                                                 \
    return result_

#define IS_FILE(FD) (FD >= 0 && FD < FDS && files[FD].on)
#define FILED(CALL, FD, OFFSET, LENGTH, REAL)                                         \
    int on_ = IS_FILE(FD);                                                             \
    int error_ = on_ ? failure(CALL, files[FD].name, NULL) : 0;                       \
    long result_ = -1;                                                                \
    if (error_) errno = error_;                                                       \
    else result_ = REAL;                                                              \
    if (on_) {                                                                        \
        struct record head_ = {.call = CALL, .error = result_ < 0 ? errno : 0,        \
            .inode = files[FD].inode, .offset = OFFSET, .length = LENGTH};            \
        record(&head_, files[FD].name, "", "");                                       \
    }                                                                                 \
    return result_

int openat(int dirfd, const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    char full[PATH_MAX];
    const char *name = below(dirfd, path, full);
    int is_new = name && flags & O_CREAT && syscall(SYS_faccessat, dirfd, path, F_OK);
    int error = name ? failure('o', name, NULL) : 0, fd = -1;
    if (error) errno = error;
    else fd = syscall(SYS_openat, dirfd, path, flags, mode);
    if (seeded && fd >= 0 && !strcmp(path, "/dev/urandom")) urandom_fd = fd;
    if (!name) return fd;
    struct record head = {.call = 'o', .made = is_new && fd >= 0, .error = fd < 0 ? errno : 0, .offset = flags};
    struct stat found;
    if (fd >= 0 && fd < FDS && !fstat(fd, &found)) {
        head.inode = files[fd].inode = found.st_ino;
        files[fd].on = 1;
        strcpy(files[fd].name, name);
    }
    record(&head, name, "", "");
    return fd;
}
int open(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    int fd = openat(AT_FDCWD, path, flags, va_arg(rest, mode_t)); /* unused where there is none */
    va_end(rest);
    return fd;
}
int open64(const char *, int, ...) __attribute__((alias("open")));
int openat64(int, const char *, int, ...) __attribute__((alias("openat")));

int close(int fd) {
    if (getpid() != own_pid) return syscall(SYS_close, fd); /* a vforked child shares our memory */
    if (fd == urandom_fd) urandom_fd = -1;
    if (!IS_FILE(fd)) return syscall(SYS_close, fd);
    FILED('c', fd, 0, 0, (files[fd].on = 0, syscall(SYS_close, fd)));
}

static ssize_t write_at(int fd, const void *data, size_t n, off_t offset) {
    int there = offset >= 0, on = IS_FILE(fd);
    if (!on && fd != 1) return there ? syscall(SYS_pwrite64, fd, data, n, offset) : syscall(SYS_write, fd, data, n);
    int error = on ? failure('w', files[fd].name, &n) : 0;
    if (!there && on) offset = lseek(fd, 0, fcntl(fd, F_GETFL) & O_APPEND ? SEEK_END : SEEK_CUR);
    ssize_t done = -1;
    if (error) errno = error;
    else done = there ? syscall(SYS_pwrite64, fd, data, n, offset) : syscall(SYS_write, fd, data, n);
    struct record head = {.call = on ? 'w' : 'O', .error = done < 0 ? errno : 0, .offset = offset, .length = done < 0 ? 0 : done};
    if (on) head.inode = files[fd].inode;
    if (shared != &none) record(&head, on ? files[fd].name : "", "", data);
    return done;
}
ssize_t write(int fd, const void *data, size_t n) { return write_at(fd, data, n, -1); }
ssize_t pwrite(int fd, const void *data, size_t n, off_t offset) { return write_at(fd, data, n, offset); }
ssize_t pwrite64(int, const void *, size_t, off_t) __attribute__((alias("pwrite")));
ssize_t writev(int fd, const struct iovec *parts, int count) {
    ssize_t sum = 0;
    if (!IS_FILE(fd) && fd != 1) return syscall(SYS_writev, fd, parts, count);
    for (int i = 0; i < count; i++) { /* one record each; short as soon as one is */
        ssize_t done = write_at(fd, parts[i].iov_base, parts[i].iov_len, -1);
        if (done < 0) return sum ? sum : done;
        if ((sum += done, (size_t)done < parts[i].iov_len)) break;
    }
    return sum;
}

static uint64_t next_random(void) { /* splitmix64 */
    uint64_t z = __sync_add_and_fetch(&randomness, 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}
ssize_t getrandom(void *data, size_t n, unsigned flags) {
    if (!seeded) return syscall(SYS_getrandom, data, n, flags);
    for (size_t i = 0; i < n; i++) ((unsigned char *)data)[i] = next_random() >> 32;
    return n;
}
int clock_gettime(clockid_t clock, struct timespec *now) {
    if (!seeded || clock != CLOCK_REALTIME) return syscall(SYS_clock_gettime, clock, now);
    uint64_t ms = __sync_add_and_fetch(&shared->clock_ms, 1);
    now->tv_sec = BEGINNING + ms / 1000, now->tv_nsec = ms % 1000 * 1000000;
    return 0;
}

ssize_t read(int fd, void *data, size_t n) {
    if (seeded && fd >= 0 && fd == urandom_fd) return getrandom(data, n, 0);
    FILED('R', fd, 0, n, syscall(SYS_read, fd, data, n));
}
ssize_t pread(int fd, void *data, size_t n, off_t offset) { FILED('R', fd, offset, n, syscall(SYS_pread64, fd, data, n, offset)); }
ssize_t pread64(int, void *, size_t, off_t) __attribute__((alias("pread")));
int ftruncate(int fd, off_t n) { FILED('t', fd, 0, n, syscall(SYS_ftruncate, fd, n)); }
int ftruncate64(int, off_t) __attribute__((alias("ftruncate")));
int fallocate(int fd, int mode, off_t offset, off_t n) { FILED('a', fd, offset, n, syscall(SYS_fallocate, fd, mode, offset, n)); }
int fallocate64(int, int, off_t, off_t) __attribute__((alias("fallocate")));
int posix_fallocate(int fd, off_t offset, off_t n) { return fallocate(fd, 0, offset, n) ? errno : 0; }
int posix_fallocate64(int, off_t, off_t) __attribute__((alias("posix_fallocate")));
int fsync(int fd) { FILED('s', fd, 0, 0, syscall(SYS_fsync, fd)); }
int fdatasync(int fd) { FILED('d', fd, 0, 0, syscall(SYS_fdatasync, fd)); }
int sync_file_range(int fd, off64_t offset, off64_t n, unsigned flags) { FILED('f', fd, offset, n, syscall(SYS_sync_file_range, fd, offset, n, flags)); }
static void *map(void *at, size_t n, int access, int flags, int fd, off_t offset) {
    void *mapped = (void *)syscall(SYS_mmap, at, n, access, flags, fd, offset);
    struct record head = {.call = 'M', .offset = offset, .length = n};
    if (IS_FILE(fd) && access & PROT_WRITE) record(&head, files[fd].name, "", "");
    return mapped;
}
void *mmap(void *at, size_t n, int access, int flags, int fd, off_t offset) { return map(at, n, access, flags, fd, offset); }
void *mmap64(void *, size_t, int, int, int, off_t) __attribute__((alias("mmap")));

int unlinkat(int dirfd, const char *path, int flags) { NAMED(flags & AT_REMOVEDIR ? 'x' : 'u', dirfd, path, "", syscall(SYS_unlinkat, dirfd, path, flags)); }
int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }
int mkdirat(int dirfd, const char *path, mode_t mode) { NAMED('m', dirfd, path, "", syscall(SYS_mkdirat, dirfd, path, mode)); }
int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }
int renameat(int from, const char *path, int to, const char *path2) {
    char full2[PATH_MAX];
    const char *name2 = below(to, path2, full2);
    NAMED('r', from, path, name2 ? name2 : "?", syscall(SYS_renameat, from, path, to, path2));
}
int rename(const char *path, const char *path2) { return renameat(AT_FDCWD, path, AT_FDCWD, path2); }
int linkat(int from, const char *path, int to, const char *path2, int flags) {
    char full2[PATH_MAX];
    const char *name2 = below(to, path2, full2);
    NAMED('l', from, path, name2 ? name2 : "?", syscall(SYS_linkat, from, path, to, path2, flags));
}
int link(const char *path, const char *path2) { return linkat(AT_FDCWD, path, AT_FDCWD, path2, 0); }
