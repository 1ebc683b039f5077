// One DNS question by the system's resolver, whose C structure Swift cannot spell. Safe on any thread: every call has a
// state of its own.
#pragma once
#include <stdint.h>

static const int cresolv_type_a = 1;
static const int cresolv_type_aaaa = 28;

// Why a question has no answer: <netdb.h>'s numbers, negative.
static const int cresolv_no_such_name = -1;
static const int cresolv_try_again = -2;
static const int cresolv_refused = -3;
static const int cresolv_no_data = -4;

/// Asks for a name's records of a type; blocks until an answer or the last timeout. A truncated answer is asked for
/// again by TCP. `server` is an IPv4 address in host byte order, to which `name` goes as it is, once a second and
/// `attempts` times; 0: servers, search order, timeouts and attempts of /etc/resolv.conf.
/// Returns the length of the message written to `answer`, or one of the above.
int cresolv_query(
    const char *name, int type, uint32_t server, uint16_t port, int attempts, uint8_t *answer, int capacity);
