// A typed view of libcurl: its variadic calls, and callbacks in the one shape that is used.
#ifndef ROLLCALL_CCURL_H
#define ROLLCALL_CCURL_H

#include <curl/curl.h>
#include <stddef.h>
#include <stdint.h>

// Options. The return value is CURLE_OK or what libcurl has against it.
static inline CURLcode rollcall_curl_set_number(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

// libcurl keeps a copy, except of CURLOPT_POSTFIELDS.
static inline CURLcode rollcall_curl_set_text(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

// The list must live as long as the transfer.
static inline CURLcode rollcall_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}

// Where libcurl writes its words for a failure; CURL_ERROR_SIZE bytes that live as long as the handle.
static inline CURLcode rollcall_curl_set_error_buffer(CURL *handle, char *buffer) {
    return curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, buffer);
}

// Takes bytes, count times size of them, and returns how many it took. Anything less ends the transfer with CURLE_WRITE_ERROR.
typedef size_t (*rollcall_curl_sink)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode rollcall_curl_set_sinks(CURL *handle, rollcall_curl_sink header, rollcall_curl_sink body, void *context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, header);
    if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_HEADERDATA, context);
    if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, body);
    if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_WRITEDATA, context);
    return code;
}

// Requires that a server's certificate has a subjectAltName of a host or an address (RFC 6125 section 6.4.4). libcurl compares its common
// name otherwise. Where libcurl does not encrypt by OpenSSL this does nothing.
CURLcode rollcall_curl_require_alternative_names(CURL *handle);

// What is known about a transfer.
static inline long rollcall_curl_number(CURL *handle, CURLINFO info) {
    long value = 0;
    return curl_easy_getinfo(handle, info, &value) == CURLE_OK ? value : 0;
}

static inline int64_t rollcall_curl_size(CURL *handle, CURLINFO info) {
    curl_off_t value = 0;
    return curl_easy_getinfo(handle, info, &value) == CURLE_OK ? value : 0;
}

// NULL when there is none; owned by the handle.
static inline const char *rollcall_curl_text(CURL *handle, CURLINFO info) {
    char *value = NULL;
    return curl_easy_getinfo(handle, info, &value) == CURLE_OK ? value : NULL;
}

// Whether the one transfer of this multi handle is over, and how it ended.
static inline int rollcall_curl_take_outcome(CURLM *multi, CURLcode *outcome) {
    int left = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left)) != NULL) {
        if (message->msg == CURLMSG_DONE) {
            *outcome = message->data.result;
            return 1;
        }
    }
    return 0;
}

// Waits until libcurl has something to do, until `descriptor` is readable (when it is not negative) or until the time is up.
// 1 when the descriptor is readable, 0 when not, -1 when waiting itself failed.
int rollcall_curl_wait(CURLM *multi, int descriptor, int milliseconds);

#endif
