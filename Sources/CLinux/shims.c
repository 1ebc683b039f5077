#define _GNU_SOURCE  // accept4, pthread_setname_np, affinity
#include "CLinux.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static inline int result_of(int result) { return result < 0 ? -errno : result; }

int clinux_epoll_create(void) { return result_of(epoll_create1(EPOLL_CLOEXEC)); }

int clinux_epoll_add(int epoll, int descriptor, uint64_t token, uint32_t flags) {
    struct epoll_event event = {.events = flags, .data = {.u64 = token}};
    return result_of(epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event));
}

int clinux_epoll_remove(int epoll, int descriptor) {
    struct epoll_event event = {0};
    return result_of(epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, &event));
}

int clinux_epoll_wait(int epoll, struct epoll_event *events, int capacity, int timeout_milliseconds) {
    return result_of(epoll_wait(epoll, events, capacity, timeout_milliseconds));
}

int clinux_eventfd_create(void) { return result_of(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)); }

int clinux_eventfd_add(int descriptor) {
    uint64_t one = 1;
    ssize_t written;
    do { written = write(descriptor, &one, sizeof one); } while (written < 0 && errno == EINTR);
    return written < 0 ? -errno : 0;
}

// Addresses.

struct clinux_address clinux_address_v4(uint32_t address, uint16_t port) {
    struct clinux_address result = {.length = sizeof(struct sockaddr_in)};
    struct sockaddr_in *v4 = (struct sockaddr_in *)&result.storage;
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    v4->sin_addr.s_addr = htonl(address);
    return result;
}

struct clinux_address clinux_address_v6(uint64_t high, uint64_t low, uint16_t port) {
    struct clinux_address result = {.length = sizeof(struct sockaddr_in6)};
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&result.storage;
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    for (int index = 0; index < 8; index++) {
        v6->sin6_addr.s6_addr[index] = (uint8_t)(high >> (56 - 8 * index));
        v6->sin6_addr.s6_addr[8 + index] = (uint8_t)(low >> (56 - 8 * index));
    }
    return result;
}

struct clinux_address clinux_address_unix(const char *path) {
    struct clinux_address result = {.length = 0};
    struct sockaddr_un *local = (struct sockaddr_un *)&result.storage;
    size_t count = strlen(path);
    if (count == 0 || count >= sizeof local->sun_path) return result;
    local->sun_family = AF_UNIX;
    memcpy(local->sun_path, path, count + 1);
    result.length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + count + 1);
    return result;
}

int clinux_address_family(const struct clinux_address *address) {
    if (address->length < sizeof(sa_family_t)) return clinux_family_none;
    switch (address->storage.ss_family) {
        case AF_INET: return clinux_family_v4;
        case AF_INET6: return clinux_family_v6;
        case AF_UNIX: return clinux_family_unix;
        default: return clinux_family_none;
    }
}

static uint64_t big_endian(const uint8_t *bytes) {
    uint64_t value = 0;
    for (int index = 0; index < 8; index++) value = value << 8 | bytes[index];
    return value;
}

uint64_t clinux_address_high(const struct clinux_address *address) {
    if (address->storage.ss_family == AF_INET) {
        return (uint64_t)ntohl(((const struct sockaddr_in *)&address->storage)->sin_addr.s_addr) << 32;
    }
    return big_endian(((const struct sockaddr_in6 *)&address->storage)->sin6_addr.s6_addr);
}

uint64_t clinux_address_low(const struct clinux_address *address) {
    if (address->storage.ss_family == AF_INET) return 0;
    return big_endian(((const struct sockaddr_in6 *)&address->storage)->sin6_addr.s6_addr + 8);
}

uint16_t clinux_address_port(const struct clinux_address *address) {
    if (address->storage.ss_family == AF_INET) return ntohs(((const struct sockaddr_in *)&address->storage)->sin_port);
    return ntohs(((const struct sockaddr_in6 *)&address->storage)->sin6_port);
}

const char *clinux_address_path(const struct clinux_address *address) {
    // An unnamed socket's address ends before its path. The storage is zeroed and longer, so the path is terminated.
    return ((const struct sockaddr_un *)&address->storage)->sun_path;
}

// Sockets.

int clinux_socket(int family) {
    int domain = family == clinux_family_v4 ? AF_INET : family == clinux_family_v6 ? AF_INET6 : AF_UNIX;
    return result_of(socket(domain, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

int clinux_bind(int descriptor, const struct clinux_address *address) {
    return result_of(bind(descriptor, (const struct sockaddr *)&address->storage, address->length));
}

int clinux_listen(int descriptor, int backlog) { return result_of(listen(descriptor, backlog)); }

int clinux_connect(int descriptor, const struct clinux_address *address) {
    return result_of(connect(descriptor, (const struct sockaddr *)&address->storage, address->length));
}

int clinux_accept(int descriptor, struct clinux_address *peer) {
    peer->length = sizeof peer->storage;
    return result_of(
        accept4(descriptor, (struct sockaddr *)&peer->storage, &peer->length, SOCK_NONBLOCK | SOCK_CLOEXEC));
}

int clinux_local_address(int descriptor, struct clinux_address *address) {
    memset(address, 0, sizeof *address);
    address->length = sizeof address->storage;
    return result_of(getsockname(descriptor, (struct sockaddr *)&address->storage, &address->length));
}

int clinux_pending_error(int descriptor) {
    int error = 0;
    socklen_t length = sizeof error;
    return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length) < 0 ? errno : error;
}

int clinux_shutdown_writing(int descriptor) { return result_of(shutdown(descriptor, SHUT_WR)); }
int clinux_duplicate(int descriptor) { return result_of(fcntl(descriptor, F_DUPFD_CLOEXEC, 3)); }
int clinux_close(int descriptor) { return result_of(close(descriptor)); }

static int set_option(int descriptor, int level, int name, int value) {
    return result_of(setsockopt(descriptor, level, name, &value, sizeof value));
}

int clinux_set_reuse_address(int descriptor) { return set_option(descriptor, SOL_SOCKET, SO_REUSEADDR, 1); }
int clinux_set_reuse_port(int descriptor) { return set_option(descriptor, SOL_SOCKET, SO_REUSEPORT, 1); }
int clinux_set_v6_only(int descriptor) { return set_option(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, 1); }
int clinux_set_no_delay(int descriptor) { return set_option(descriptor, IPPROTO_TCP, TCP_NODELAY, 1); }

int clinux_set_not_sent_low_water(int descriptor, int bytes) {
    return set_option(descriptor, IPPROTO_TCP, TCP_NOTSENT_LOWAT, bytes);
}

int clinux_set_linger_reset(int descriptor) {
    struct linger linger = {.l_onoff = 1, .l_linger = 0};
    return result_of(setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, sizeof linger));
}

bool clinux_is_stale_socket(const struct clinux_address *address) {
    struct stat status;
    if (lstat(clinux_address_path(address), &status) < 0 || !S_ISSOCK(status.st_mode)) return false;
    int probe = clinux_socket(clinux_family_unix);
    if (probe < 0) return false;
    bool is_stale = clinux_connect(probe, address) == -ECONNREFUSED;
    close(probe);
    return is_stale;
}

int clinux_open_null(void) { return result_of(open("/dev/null", O_RDONLY | O_CLOEXEC)); }

int64_t clinux_raise_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return -errno;
    if (limit.rlim_cur < limit.rlim_max) {
        struct rlimit raised = {.rlim_cur = limit.rlim_max, .rlim_max = limit.rlim_max};
        if (setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
    }
    return limit.rlim_cur >= INT64_MAX ? 0 : (int64_t)limit.rlim_cur;
}

// Threads.

int clinux_thread_start(unsigned long *thread, int core, bool *is_pinned, void *(*body)(void *), void *context) {
    _Static_assert(sizeof(pthread_t) == sizeof(unsigned long), "a thread's handle is passed to Swift as a word");
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    *is_pinned = core >= 0 && core < CPU_SETSIZE;
    if (*is_pinned) {
        cpu_set_t set;
        CPU_ZERO(&set);
        CPU_SET(core, &set);
        pthread_attr_setaffinity_np(&attributes, sizeof set, &set);
    }
    int error = pthread_create(thread, &attributes, body, context);
    if (error != 0 && *is_pinned) {  // no such core (EINVAL), or a sandbox that lets nobody choose one (EPERM)
        *is_pinned = false;
        error = pthread_create(thread, NULL, body, context);
    }
    pthread_attr_destroy(&attributes);
    return -error;
}

void clinux_thread_set_own_name(const char *name) {
    char short_name[16] = {0};  // pthread_setname_np(3): at most 15 bytes
    strncpy(short_name, name, sizeof short_name - 1);
    pthread_setname_np(pthread_self(), short_name);
}

int clinux_thread_join(unsigned long thread) { return -pthread_join(thread, NULL); }

// sched_setattr(2), version 0 of its structure; Debian 12's glibc has neither.
struct scheduling {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t slice, deadline, period;
};

// Leaves alone whom somebody gave a policy of another kind, such as chrt(1) or systemd for the whole process.
static int set_scheduling(pid_t thread, int policy, uint64_t slice) {
    int present = sched_getscheduler(thread);
    if (present < 0) return -errno;
    if (present != SCHED_OTHER && present != SCHED_BATCH) return 0;
    errno = 0;
    int nice = getpriority(PRIO_PROCESS, (id_t)thread);
    if (nice == -1 && errno != 0) return -errno;
    struct scheduling wanted = {
        .size = sizeof wanted, .policy = (uint32_t)policy, .nice = nice, .slice = slice};
    return result_of((int)syscall(SYS_sched_setattr, thread, &wanted, 0));
}

int clinux_thread_id(void) { return gettid(); }

// Linux before 6.12 has no slices of one's own and takes no notice of the number; later ones take 100 µs at least.
int clinux_thread_run_promptly(void) { return set_scheduling(0, SCHED_OTHER, 100 * 1000); }

static bool contains(const int *numbers, int count, int number) {
    for (int index = 0; index < count; index++) {
        if (numbers[index] == number) return true;
    }
    return false;
}

int clinux_process_run_behind(const int *prompt, int count) {
    DIR *tasks = opendir("/proc/self/task");
    if (!tasks) return -errno;
    int changed = 0, error = 0;
    for (struct dirent *entry; error == 0 && (entry = readdir(tasks));) {
        pid_t thread = (pid_t)strtol(entry->d_name, NULL, 10);
        if (thread <= 0 || contains(prompt, count, thread)) continue;  // 0: . and ..
        error = set_scheduling(thread, SCHED_BATCH, 0);
        if (error == -ESRCH) error = 0;  // it has ended meanwhile
        else changed++;
    }
    closedir(tasks);
    return error < 0 ? error : changed;
}

uint64_t clinux_monotonic_nanoseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}
