// A typed view of zlib: reading gzip, RFC 1952. The calls that set it up are macros, which Swift cannot import.
#ifndef ROLLCALL_CZLIB_H
#define ROLLCALL_CZLIB_H

#include <stddef.h>
#include <stdint.h>

typedef struct rollcall_gunzip rollcall_gunzip;

// NULL when there is no memory.
rollcall_gunzip *rollcall_gunzip_open(void);
void rollcall_gunzip_close(rollcall_gunzip *reader);

// The bytes to read next; they must stay where they are until all of them are taken.
void rollcall_gunzip_give(rollcall_gunzip *reader, const uint8_t *bytes, unsigned count);

// Writes up to `room` bytes and says how many they are. 0 when all that was given is taken, 1 when there is more to come of it, 2 at
// the end of a member whose checksum and length are right, -1 when it is no gzip. After a 2 the next member is read.
int rollcall_gunzip_take(rollcall_gunzip *reader, uint8_t *out, unsigned room, unsigned *made);

// How many of the bytes given are not taken yet.
unsigned rollcall_gunzip_left(const rollcall_gunzip *reader);

#endif
