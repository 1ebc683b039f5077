// nghttp2 as the HTTP2 module sees it. Debian 12 ships 1.52: nothing newer may be called.
#pragma once
#include <nghttp2/nghttp2.h>
#include <stddef.h>

// Memory of one thread for nghttp2's many small, short-lived blocks: free lists by size, no lock, nothing merged.
// What it took from malloc goes back only with the pool; blocks above 1 KiB are malloc's own.
typedef struct cnghttp2_pool cnghttp2_pool;
cnghttp2_pool *cnghttp2_pool_new(void);
void cnghttp2_pool_delete(cnghttp2_pool *pool);
// The pool in the form nghttp2 takes it; valid as long as the pool.
nghttp2_mem *cnghttp2_pool_mem(cnghttp2_pool *pool);
