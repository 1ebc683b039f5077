// TLS — one TLS 1.2 or 1.3 session over bytes, certificates and their choice by name, session tickets.
// In     ciphertext from the peer, plaintext to send, the buffers to write to; PEM files when a context is made.
// Out    plaintext, ciphertext, a status. Errors carry a reason and a text that an operator can act on.
// Never  sockets, a clock on the request path, Foundation; and no type of OpenSSL leaves this module.
// Cost   receive and send allocate nothing in steady state; an idle session costs less than 14 KiB of heap.
// Start  Session.swift, then ServerContext.swift. The BIO over the caller's buffers is Sources/COpenSSL/shims.c.
