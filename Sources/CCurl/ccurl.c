#include "ccurl.h"

#include <stdlib.h>

// libcurl writes the keys of its TLS sessions into the file that this variable names. This runs before main, while there is one
// thread only, so that nothing can have read it before.
__attribute__((constructor)) static void rollcall_curl_ignore_ambient_configuration(void) {
    unsetenv("SSLKEYLOGFILE");
}

int rollcall_curl_wait(CURLM *multi, int descriptor, int milliseconds) {
    struct curl_waitfd watched = {.fd = descriptor, .events = CURL_WAIT_POLLIN, .revents = 0};
    int ready = 0;
    CURLMcode code = curl_multi_poll(multi, &watched, descriptor >= 0 ? 1 : 0, milliseconds, &ready);
    if (code != CURLM_OK) return -1;
    return descriptor >= 0 && watched.revents != 0;
}
