#include "CResolv.h"
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <string.h>

int cresolv_query(
    const char *name, int type, uint32_t server, uint16_t port, int attempts, uint8_t *answer, int capacity) {
    struct __res_state state;
    memset(&state, 0, sizeof state);
    if (res_ninit(&state) != 0) return cresolv_refused;
    int length;
    if (server == 0) {
        length = res_nsearch(&state, name, ns_c_in, type, answer, capacity);
    } else {
        memset(&state.nsaddr_list[0], 0, sizeof state.nsaddr_list[0]);
        state.nsaddr_list[0].sin_family = AF_INET;
        state.nsaddr_list[0].sin_addr.s_addr = htonl(server);
        state.nsaddr_list[0].sin_port = htons(port);
        state.nscount = 1;
        state.retrans = 1;
        state.retry = attempts;
        length = res_nquery(&state, name, ns_c_in, type, answer, capacity);
    }
    int reason = state.res_h_errno;
    res_nclose(&state);
    if (length >= 0) return length < capacity ? length : capacity;
    return reason >= HOST_NOT_FOUND && reason <= NO_DATA ? -reason : cresolv_refused;
}
