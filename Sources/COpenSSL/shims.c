#include "COpenSSL.h"

#include <limits.h>
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

// --- A BIO over the caller's buffers -------------------------------------------------------------------------------

static int wire_read(BIO *bio, char *bytes, size_t count, size_t *read) {
    COpenSSLWire *wire = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (wire->inputCount == 0) {
        *read = 0;
        BIO_set_retry_read(bio);
        return -1;
    }
    size_t taken = count < wire->inputCount ? count : wire->inputCount;
    memcpy(bytes, wire->input, taken);
    wire->input += taken;
    wire->inputCount -= taken;
    *read = taken;
    return 1;
}

static int wire_write(BIO *bio, const char *bytes, size_t count, size_t *written) {
    COpenSSLWire *wire = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    if (wire->outputRoom == 0) {
        *written = 0;
        BIO_set_retry_write(bio);
        return -1;
    }
    size_t taken = count < wire->outputRoom ? count : wire->outputRoom;
    memcpy(wire->output, bytes, taken);
    wire->output += taken;
    wire->outputRoom -= taken;
    *written = taken;
    return 1;
}

static long wire_control(BIO *bio, int command, long number, void *pointer) {
    (void)bio, (void)number, (void)pointer;
    // The handshake flushes its buffering BIO through us; there is nothing behind us to flush. The rest we do not know.
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

static int wire_create(BIO *bio) {
    BIO_set_init(bio, 1);
    return 1;
}

static BIO_METHOD *wire_method;
static pthread_once_t wire_once = PTHREAD_ONCE_INIT;

static void make_wire_method(void) {
    BIO_METHOD *method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "portolan wire");
    if (method == NULL) return;
    BIO_meth_set_read_ex(method, wire_read);
    BIO_meth_set_write_ex(method, wire_write);
    BIO_meth_set_ctrl(method, wire_control);
    BIO_meth_set_create(method, wire_create);
    wire_method = method;
}

BIO *copenssl_wire_bio(COpenSSLWire *wire) {
    pthread_once(&wire_once, make_wire_method);
    BIO *bio = wire_method == NULL ? NULL : BIO_new(wire_method);
    if (bio != NULL) BIO_set_data(bio, wire);
    return bio;
}

// --- Record buffers ------------------------------------------------------------------------------------------------
// SSL_MODE_RELEASE_BUFFERS, which keeps an idle session small, frees and allocates a buffer of 16.3 KiB for nearly
// every record. glibc's per-thread cache stops at 1 KiB, so each would walk the arena, and may return pages to the
// kernel. Every block still comes from malloc, so another thread may free it.

enum {
    smallest_kept = 16 * 1024,
    largest_kept = 17 * 1024,  // of OpenSSL's blocks, record buffers alone fall between these
    kept_blocks = 8,           // both buffers of one session twice over, and some for handshakes: 136 KiB a thread
};

static _Thread_local struct {
    int count;
    void *blocks[kept_blocks];
} kept;
static pthread_key_t kept_key;

static void release_kept(void *unused) {
    (void)unused;
    while (kept.count > 0) free(kept.blocks[--kept.count]);
}

static void *record_malloc(size_t count, const char *file, int line) {
    (void)file, (void)line;
    if (count < smallest_kept || count > largest_kept) return count == 0 ? NULL : malloc(count);
    return kept.count > 0 ? kept.blocks[--kept.count] : malloc(largest_kept);
}

static void record_free(void *block, const char *file, int line) {
    (void)file, (void)line;
    if (block == NULL) return;
    size_t size = malloc_usable_size(block);
    if (size < largest_kept || size > largest_kept + 64 || kept.count == kept_blocks) {
        free(block);
        return;
    }
    if (kept.count == 0) pthread_setspecific(kept_key, &kept);  // so that the thread's end gives them back
    kept.blocks[kept.count++] = block;
}

static void *record_realloc(void *block, size_t count, const char *file, int line) {
    if (count != 0) return realloc(block, count);
    record_free(block, file, line);
    return NULL;
}

int copenssl_keep_record_buffers(void) {
    if (pthread_key_create(&kept_key, release_kept) != 0) return 0;
    return CRYPTO_set_mem_functions(record_malloc, record_realloc, record_free);
}

// --- Small things --------------------------------------------------------------------------------------------------

int copenssl_ticket_mac(EVP_MAC_CTX *mac, const unsigned char *key, size_t count) {
    char digest[] = "SHA256";
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, (void *)key, count),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end(),
    };
    return EVP_MAC_CTX_set_params(mac, parameters);
}

// OpenSSL 3 wants an EVP_MAC for this, whose set-up costs some 26,000 instructions a message; the functions below are
// deprecated there, not gone.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

void copenssl_message_key_set(COpenSSLMessageKey *key, const unsigned char *secret, size_t count) {
    unsigned char inner[SHA256_CBLOCK], outer[SHA256_CBLOCK];
    memset(inner, 0x36, sizeof inner);
    memset(outer, 0x5C, sizeof outer);
    for (size_t index = 0; index < count && index < SHA256_CBLOCK; index++) {
        inner[index] ^= secret[index];
        outer[index] ^= secret[index];
    }
    SHA256_Init(&key->inner);
    SHA256_Update(&key->inner, inner, sizeof inner);
    SHA256_Init(&key->outer);
    SHA256_Update(&key->outer, outer, sizeof outer);
    OPENSSL_cleanse(inner, sizeof inner);
    OPENSSL_cleanse(outer, sizeof outer);
}

void copenssl_message_code(const COpenSSLMessageKey *key, const void *message, size_t count, unsigned char code[16]) {
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256_CTX hash = key->inner;
    SHA256_Update(&hash, message, count);
    SHA256_Final(digest, &hash);
    hash = key->outer;
    SHA256_Update(&hash, digest, sizeof digest);
    SHA256_Final(digest, &hash);
    memcpy(code, digest, 16);
}

#pragma GCC diagnostic pop

int copenssl_no_passphrase(char *buffer, int size, int isWriting, void *wasAsked) {
    (void)buffer, (void)size, (void)isWriting;
    if (wasAsked != NULL) *(int *)wasAsked = 1;
    return -1;
}
