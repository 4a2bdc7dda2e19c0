// A typed view of libcrypto's SHA-256. The streaming calls are marked deprecated in OpenSSL 3 in favour of EVP, whose
// per-call provider look-up costs more than hashing an entry does; they remain part of the 3.x ABI.
#ifndef ROLLCALL_CCRYPTO_H
#define ROLLCALL_CCRYPTO_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint64_t opaque[16];
} rollcall_sha256_state;

void rollcall_sha256_begin(rollcall_sha256_state *state);
void rollcall_sha256_add(rollcall_sha256_state *state, const void *bytes, size_t count);
void rollcall_sha256_end(rollcall_sha256_state *state, uint8_t digest[32]);
void rollcall_sha256(const void *bytes, size_t count, uint8_t digest[32]);

#endif
