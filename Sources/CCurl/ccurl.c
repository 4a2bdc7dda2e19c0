#include "ccurl.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>

// Called for each certificate of a chain; the server's own has depth 0.
static int rollcall_curl_verify(int is_good, X509_STORE_CTX *chain) {
    if (!is_good || X509_STORE_CTX_get_error_depth(chain) != 0) return is_good;
    int has_name = 0;
    GENERAL_NAMES *names = X509_get_ext_d2i(X509_STORE_CTX_get_current_cert(chain), NID_subject_alt_name, NULL, NULL);
    for (int index = 0; index < sk_GENERAL_NAME_num(names); index++) {
        int kind = sk_GENERAL_NAME_value(names, index)->type;
        if (kind == GEN_DNS || kind == GEN_IPADD) has_name = 1;
    }
    GENERAL_NAMES_free(names);
    if (!has_name) X509_STORE_CTX_set_error(chain, X509_V_ERR_HOSTNAME_MISMATCH);
    return has_name;
}

static CURLcode rollcall_curl_prepare_context(CURL *handle, void *context, void *unused) {
    (void)handle;
    (void)unused;
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, rollcall_curl_verify);
    return CURLE_OK;
}

CURLcode rollcall_curl_require_alternative_names(CURL *handle) {
    const curl_version_info_data *about = curl_version_info(CURLVERSION_NOW);
    if (about->ssl_version == NULL || strncmp(about->ssl_version, "OpenSSL/", 8) != 0) return CURLE_NOT_BUILT_IN;
    return curl_easy_setopt(handle, CURLOPT_SSL_CTX_FUNCTION, rollcall_curl_prepare_context);
}

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
