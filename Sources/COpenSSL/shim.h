// SPDX-License-Identifier: Apache-2.0
// OpenSSL's macros as functions: Swift imports functions only.
#pragma once
#include <nss.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

static inline long sync_SSL_set_tlsext_host_name(SSL *ssl, const char *name) {
  return SSL_set_tlsext_host_name(ssl, name);
}
static inline long sync_SSL_CTX_set_min_proto_version(SSL_CTX *ctx, int version) {
  return SSL_CTX_set_min_proto_version(ctx, version);
}
static inline long sync_SSL_CTX_set_mode(SSL_CTX *ctx, long mode) {
  return SSL_CTX_set_mode(ctx, mode);
}
static inline size_t sync_BIO_ctrl_pending(BIO *bio) { return BIO_ctrl_pending(bio); }
static inline void sync_BIO_set_mem_eof_return(BIO *bio, int v) { BIO_set_mem_eof_return(bio, v); }
static const uint64_t sync_SSL_OP_NO_RENEGOTIATION = SSL_OP_NO_RENEGOTIATION;
