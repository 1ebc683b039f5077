// OpenSSL 3.0 as Swift's TLS module sees it: the library's own headers, one BIO over the caller's buffers, and
// functions in place of the macros that Swift cannot import.
#pragma once

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stddef.h>
#include <stdint.h>

/// What one call may read and where it may write. Both sides shrink from the front as OpenSSL uses them up.
typedef struct COpenSSLWire {
    const unsigned char *input;
    size_t inputCount;
    unsigned char *output;
    size_t outputRoom;
} COpenSSLWire;

/// A BIO that reads from and writes to `wire`, which must outlive it. Out of bytes or room: "retry". NULL: no memory.
BIO *copenssl_wire_bio(COpenSSLWire *wire);

/// Keeps record buffers in a small stack per thread rather than in malloc. True when OpenSSL had allocated nothing yet;
/// otherwise nothing changes. Call once, before any other call of the library.
int copenssl_keep_record_buffers(void);

/// Sets up a ticket's HMAC-SHA256 with `key`. 1 on success.
int copenssl_ticket_mac(EVP_MAC_CTX *mac, const unsigned char *key, size_t count);

/// HMAC-SHA256 (RFC 2104) under one key: the two hashes that have taken in the padded key, ready to be copied.
typedef struct COpenSSLMessageKey {
    SHA256_CTX inner;
    SHA256_CTX outer;
} COpenSSLMessageKey;

/// Sets up `key` from at most 64 octets.
void copenssl_message_key_set(COpenSSLMessageKey *key, const unsigned char *secret, size_t count);

/// The first 16 octets of the message's code.
void copenssl_message_code(const COpenSSLMessageKey *key, const void *message, size_t count, unsigned char code[16]);

/// A PEM passphrase callback that knows none, so that nothing asks at the terminal. `wasAsked`: an int to set, or NULL.
int copenssl_no_passphrase(char *buffer, int size, int isWriting, void *wasAsked);

static const uint64_t COPENSSL_NO_RENEGOTIATION = SSL_OP_NO_RENEGOTIATION;
static const uint64_t COPENSSL_NO_COMPRESSION = SSL_OP_NO_COMPRESSION;
static const uint64_t COPENSSL_SERVER_PREFERENCE = SSL_OP_CIPHER_SERVER_PREFERENCE;
static const uint64_t COPENSSL_PRIORITIZE_CHACHA = SSL_OP_PRIORITIZE_CHACHA;

static inline int copenssl_set_minimum_version(SSL_CTX *context, int version) {
    return (int)SSL_CTX_set_min_proto_version(context, version);
}
static inline int copenssl_set_maximum_version(SSL_CTX *context, int version) {
    return (int)SSL_CTX_set_max_proto_version(context, version);
}
static inline int copenssl_set_groups(SSL_CTX *context, const char *names) {
    return (int)SSL_CTX_set1_groups_list(context, names);
}
static inline void copenssl_set_mode(SSL_CTX *context, long mode) { SSL_CTX_set_mode(context, mode); }
static inline void copenssl_set_read_ahead(SSL_CTX *context) { SSL_CTX_set_read_ahead(context, 1); }
static inline void copenssl_disable_session_cache(SSL_CTX *context) {
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}
static inline int copenssl_add_chain_certificate(SSL_CTX *context, X509 *certificate) {
    return (int)SSL_CTX_add1_chain_cert(context, certificate);
}
static inline void copenssl_set_server_name_callback(
    SSL_CTX *context, int (*callback)(SSL *, int *, void *), void *argument) {
    SSL_CTX_set_tlsext_servername_callback(context, callback);
    SSL_CTX_set_tlsext_servername_arg(context, argument);
}
static inline int copenssl_set_server_name(SSL *session, const char *name) {
    return (int)SSL_set_tlsext_host_name(session, name);
}
static inline EVP_PKEY *copenssl_make_p256_key(void) { return EVP_EC_gen("P-256"); }
static inline long copenssl_memory_bytes(BIO *bio, char **bytes) { return BIO_get_mem_data(bio, bytes); }

/// The number of DNS and other names in a SAN, and the DNS name at `index` (NULL: that one is of another kind).
static inline int copenssl_name_count(const GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }
static inline const unsigned char *copenssl_dns_name(const GENERAL_NAMES *names, int index, int *count) {
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
    if (name->type != GEN_DNS) return NULL;
    *count = ASN1_STRING_length(name->d.dNSName);
    return ASN1_STRING_get0_data(name->d.dNSName);
}
/// The octets of the IP address at `index` (NULL: that one is of another kind).
static inline const unsigned char *copenssl_ip_name(const GENERAL_NAMES *names, int index, int *count) {
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
    if (name->type != GEN_IPADD) return NULL;
    *count = ASN1_STRING_length(name->d.iPAddress);
    return ASN1_STRING_get0_data(name->d.iPAddress);
}
/// Names as RFC 4514 writes them, UTF-8 left readable.
static const unsigned long copenssl_readable_names = XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB;

static inline int copenssl_cipher_count(SSL_CTX *context) { return sk_SSL_CIPHER_num(SSL_CTX_get_ciphers(context)); }
static inline const char *copenssl_cipher_name(SSL_CTX *context, int index) {
    return SSL_CIPHER_get_name(sk_SSL_CIPHER_value(SSL_CTX_get_ciphers(context), index));
}
