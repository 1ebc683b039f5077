#include "CNghttp2.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { step = 16, classes = 64, chunk_size = 64 * 1024 };

// Before every block: which class it is of (0: malloc's), and how many bytes it holds.
typedef struct {
    uint64_t class;
    uint64_t capacity;
} block_head;

typedef struct free_block {
    struct free_block *next;
} free_block;

typedef struct chunk {
    struct chunk *next;
    uint64_t padding;
} chunk;

struct cnghttp2_pool {
    nghttp2_mem mem;
    free_block *free[classes + 1];
    char *next, *end;
    chunk *chunks;
};

static void *carve(cnghttp2_pool *pool, uint64_t class) {
    size_t size = sizeof(block_head) + class * step;
    if ((size_t)(pool->end - pool->next) < size) {
        chunk *fresh = malloc(chunk_size);
        if (!fresh) return NULL;
        fresh->next = pool->chunks;
        pool->chunks = fresh;
        pool->next = (char *)(fresh + 1);
        pool->end = (char *)fresh + chunk_size;
    }
    block_head *head = (block_head *)pool->next;
    pool->next += size;
    head->class = class;
    head->capacity = class * step;
    return head + 1;
}

static void *pool_malloc(size_t size, void *context) {
    cnghttp2_pool *pool = context;
    uint64_t class = (size + step - 1) / step;
    if (class == 0) class = 1;
    if (class > classes) {
        block_head *head = malloc(sizeof(block_head) + size);
        if (!head) return NULL;
        head->class = 0;
        head->capacity = size;
        return head + 1;
    }
    free_block *block = pool->free[class];
    if (!block) return carve(pool, class);
    pool->free[class] = block->next;
    return block;
}

static void pool_free(void *pointer, void *context) {
    if (!pointer) return;
    cnghttp2_pool *pool = context;
    block_head *head = (block_head *)pointer - 1;
    if (head->class == 0) {
        free(head);
        return;
    }
    free_block *block = pointer;
    block->next = pool->free[head->class];
    pool->free[head->class] = block;
}

static void *pool_calloc(size_t count, size_t size, void *context) {
    if (size && count > SIZE_MAX / size) return NULL;
    void *pointer = pool_malloc(count * size, context);
    if (pointer) memset(pointer, 0, count * size);
    return pointer;
}

static void *pool_realloc(void *pointer, size_t size, void *context) {
    if (!pointer) return pool_malloc(size, context);
    block_head *head = (block_head *)pointer - 1;
    if (size <= head->capacity) return pointer;
    void *larger = pool_malloc(size, context);
    if (!larger) return NULL;
    memcpy(larger, pointer, head->capacity);
    pool_free(pointer, context);
    return larger;
}

cnghttp2_pool *cnghttp2_pool_new(void) {
    cnghttp2_pool *pool = calloc(1, sizeof *pool);
    if (!pool) abort();
    pool->mem = (nghttp2_mem){pool, pool_malloc, pool_free, pool_calloc, pool_realloc};
    return pool;
}

void cnghttp2_pool_delete(cnghttp2_pool *pool) {
    while (pool->chunks) {
        chunk *gone = pool->chunks;
        pool->chunks = gone->next;
        free(gone);
    }
    free(pool);
}

nghttp2_mem *cnghttp2_pool_mem(cnghttp2_pool *pool) { return &pool->mem; }
