#include "czlib.h"

#include <stdlib.h>
#include <zlib.h>

struct rollcall_gunzip {
    z_stream stream;
};

rollcall_gunzip *rollcall_gunzip_open(void) {
    rollcall_gunzip *reader = calloc(1, sizeof *reader);
    // 16 more than the window's size means gzip and nothing else.
    if (reader != NULL && inflateInit2(&reader->stream, 15 + 16) != Z_OK) {
        free(reader);
        reader = NULL;
    }
    return reader;
}

void rollcall_gunzip_close(rollcall_gunzip *reader) {
    if (reader == NULL) return;
    (void)inflateEnd(&reader->stream);
    free(reader);
}

void rollcall_gunzip_give(rollcall_gunzip *reader, const uint8_t *bytes, unsigned count) {
    reader->stream.next_in = (Bytef *)bytes;
    reader->stream.avail_in = count;
}

int rollcall_gunzip_take(rollcall_gunzip *reader, uint8_t *out, unsigned room, unsigned *made) {
    reader->stream.next_out = out;
    reader->stream.avail_out = room;
    int code = inflate(&reader->stream, Z_NO_FLUSH);
    *made = room - reader->stream.avail_out;
    if (code == Z_STREAM_END) return inflateReset(&reader->stream) == Z_OK ? 2 : -1;
    // No progress is possible without more bytes.
    if (code == Z_BUF_ERROR) return 0;
    if (code != Z_OK) return -1;
    return reader->stream.avail_in > 0 || reader->stream.avail_out == 0 ? 1 : 0;
}

unsigned rollcall_gunzip_left(const rollcall_gunzip *reader) { return reader->stream.avail_in; }
