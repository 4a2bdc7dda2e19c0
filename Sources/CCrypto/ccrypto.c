#define OPENSSL_SUPPRESS_DEPRECATED
#include "ccrypto.h"
#include <openssl/sha.h>

_Static_assert(sizeof(SHA256_CTX) <= sizeof(rollcall_sha256_state), "the state has room for libcrypto's own");

void rollcall_sha256_begin(rollcall_sha256_state *state) { SHA256_Init((SHA256_CTX *)state); }

void rollcall_sha256_add(rollcall_sha256_state *state, const void *bytes, size_t count) {
    if (count > 0) SHA256_Update((SHA256_CTX *)state, bytes, count);
}

void rollcall_sha256_end(rollcall_sha256_state *state, uint8_t digest[32]) { SHA256_Final(digest, (SHA256_CTX *)state); }

// Not SHA256(): in OpenSSL 3 that looks the algorithm up by name on every call.
void rollcall_sha256(const void *bytes, size_t count, uint8_t digest[32]) {
    SHA256_CTX state;
    SHA256_Init(&state);
    if (count > 0) SHA256_Update(&state, bytes, count);
    SHA256_Final(digest, &state);
}
