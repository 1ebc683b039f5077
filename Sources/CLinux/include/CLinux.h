// What Glibc's Swift module lacks (epoll, eventfd, accept4, thread affinity) and socket calls whose C macros and enums
// Swift cannot spell. Every call that may fail returns the negative errno, so that no caller reads errno afterwards.
#pragma once
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/types.h>

// epoll. The event is packed on x86-64, so Swift reads it through the two accessors.
int clinux_epoll_create(void);
int clinux_epoll_add(int epoll, int descriptor, uint64_t token, uint32_t flags);
int clinux_epoll_remove(int epoll, int descriptor);
int clinux_epoll_wait(int epoll, struct epoll_event *events, int capacity, int timeout_milliseconds);

static inline uint64_t clinux_event_token(const struct epoll_event *event) { return event->data.u64; }
static inline uint32_t clinux_event_flags(const struct epoll_event *event) { return event->events; }
static const uint32_t clinux_readable = EPOLLIN;
static const uint32_t clinux_writable = EPOLLOUT;
static const uint32_t clinux_error = EPOLLERR;
static const uint32_t clinux_hangup = EPOLLHUP;
static const uint32_t clinux_peer_closed = EPOLLRDHUP;
static const uint32_t clinux_edge_triggered = EPOLLET;

// eventfd, non-blocking and closed on exec.
int clinux_eventfd_create(void);
int clinux_eventfd_add(int descriptor);

// A socket address of any family; length 0: none.
struct clinux_address {
    struct sockaddr_storage storage;
    socklen_t length;
};
enum clinux_family { clinux_family_none = 0, clinux_family_v4 = 4, clinux_family_v6 = 6, clinux_family_unix = 1 };

struct clinux_address clinux_address_v4(uint32_t address, uint16_t port);
struct clinux_address clinux_address_v6(uint64_t high, uint64_t low, uint16_t port);
/// Length 0 when the path does not fit sun_path.
struct clinux_address clinux_address_unix(const char *path);
int clinux_address_family(const struct clinux_address *address);
/// The first or second 64 bits of an IP address, IPv4 in the top half of the first; the port; a Unix socket's path.
uint64_t clinux_address_high(const struct clinux_address *address);
uint64_t clinux_address_low(const struct clinux_address *address);
uint16_t clinux_address_port(const struct clinux_address *address);
const char *clinux_address_path(const struct clinux_address *address);

// Stream sockets, non-blocking and closed on exec.
int clinux_socket(int family);
int clinux_bind(int descriptor, const struct clinux_address *address);
int clinux_listen(int descriptor, int backlog);
int clinux_connect(int descriptor, const struct clinux_address *address);
int clinux_accept(int descriptor, struct clinux_address *peer);
int clinux_local_address(int descriptor, struct clinux_address *address);
int clinux_pending_error(int descriptor);
int clinux_shutdown_writing(int descriptor);
int clinux_duplicate(int descriptor);
int clinux_close(int descriptor);
int clinux_set_reuse_address(int descriptor);
int clinux_set_reuse_port(int descriptor);
int clinux_set_v6_only(int descriptor);
int clinux_set_no_delay(int descriptor);
int clinux_set_not_sent_low_water(int descriptor, int bytes);
int clinux_set_linger_reset(int descriptor);
/// Whether a socket stands at the path that nobody listens on any more, so that it may be unlinked.
bool clinux_is_stale_socket(const struct clinux_address *address);

static inline ssize_t clinux_receive(int descriptor, void *bytes, size_t count) {
    ssize_t result;
    do { result = recv(descriptor, bytes, count, 0); } while (result < 0 && errno == EINTR);
    return result < 0 ? -errno : result;
}

static inline ssize_t clinux_send(int descriptor, const void *bytes, size_t count) {
    ssize_t result;
    do { result = send(descriptor, bytes, count, MSG_NOSIGNAL); } while (result < 0 && errno == EINTR);
    return result < 0 ? -errno : result;
}

/// The spare descriptor: /dev/null, closed on exec.
int clinux_open_null(void);
/// Raises the soft limit of descriptors to the hard one, and returns what then holds (0: unlimited), or -errno.
int64_t clinux_raise_descriptor_limit(void);

// Threads.
/// Starts a thread, pinned to `core` unless that is negative; a core that cannot be had clears `*is_pinned`.
int clinux_thread_start(unsigned long *thread, int core, bool *is_pinned, void *(*body)(void *), void *context);
/// Cut to 15 bytes.
void clinux_thread_set_own_name(const char *name);
int clinux_thread_join(unsigned long thread);
/// As the kernel numbers the calling thread.
int clinux_thread_id(void);
/// The calling thread is scheduled as SCHED_OTHER with the shortest slice there is, so that it soon runs when it wakes.
/// One to which somebody gave a policy of another kind (SCHED_FIFO) keeps it. 0, or -errno.
int clinux_thread_run_promptly(void);
/// All threads that the process has now but the `count` in `prompt`, and those they start, are SCHED_BATCH: their waking
/// up takes no core from a thread that runs. Those with a policy of another kind keep it. Returns how many are so now,
/// or -errno of the first that could not be changed.
int clinux_process_run_behind(const int *prompt, int count);

/// CLOCK_MONOTONIC in nanoseconds.
uint64_t clinux_monotonic_nanoseconds(void);
