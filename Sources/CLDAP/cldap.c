#define _GNU_SOURCE
#include "cldap.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

// libldap reads ldap.conf, ldaprc and LDAP* variables at its first call, and ldaprc even from the working directory. This runs
// before main, while there is one thread only, so that nothing can have called it before.
__attribute__((constructor)) static void rollcall_ldap_ignore_ambient_configuration(void) {
    setenv("LDAPNOINIT", "1", 1);
}

int rollcall_ldap_open(const char *url, LDAP **handle) { return ldap_initialize(handle, url); }

void rollcall_ldap_close(LDAP *handle) { (void)ldap_unbind_ext(handle, NULL, NULL); }

int rollcall_ldap_set_int(LDAP *handle, int option, int value) { return ldap_set_option(handle, option, &value); }

int rollcall_ldap_set_off(LDAP *handle, int option) { return ldap_set_option(handle, option, LDAP_OPT_OFF); }

int rollcall_ldap_set_on(LDAP *handle, int option) { return ldap_set_option(handle, option, LDAP_OPT_ON); }

int rollcall_ldap_set_text(LDAP *handle, int option, const char *value) { return ldap_set_option(handle, option, value); }

int rollcall_ldap_set_milliseconds(LDAP *handle, int option, int64_t milliseconds) {
    struct timeval span = {.tv_sec = (time_t)(milliseconds / 1000), .tv_usec = (suseconds_t)(milliseconds % 1000 * 1000)};
    return ldap_set_option(handle, option, &span);
}

int rollcall_ldap_set_defaults(LDAP *handle, int64_t connect_milliseconds, int64_t answer_milliseconds) {
    int code = rollcall_ldap_set_int(handle, LDAP_OPT_PROTOCOL_VERSION, LDAP_VERSION3);
    if (code == 0) code = rollcall_ldap_set_off(handle, LDAP_OPT_REFERRALS);
    if (code == 0) code = rollcall_ldap_set_int(handle, LDAP_OPT_DEREF, LDAP_DEREF_NEVER);
    if (code == 0) code = rollcall_ldap_set_on(handle, LDAP_OPT_RESTART);
    // Otherwise the name for Kerberos would come from a reverse look-up of the peer's address, which an attacker may answer.
    if (code == 0) code = rollcall_ldap_set_on(handle, LDAP_OPT_X_SASL_NOCANON);
    if (code == 0) code = rollcall_ldap_set_int(handle, LDAP_OPT_SIZELIMIT, 0);
    if (code == 0) code = rollcall_ldap_set_int(handle, LDAP_OPT_TIMELIMIT, 0);
    if (code == 0) code = rollcall_ldap_set_milliseconds(handle, LDAP_OPT_NETWORK_TIMEOUT, connect_milliseconds);
    if (code == 0) code = rollcall_ldap_set_milliseconds(handle, LDAP_OPT_TIMEOUT, answer_milliseconds);
    return code;
}

// Whether libldap encrypts by GnuTLS, as Debian's does. That build ignores LDAP_OPT_X_TLS_PROTOCOL_MIN and answers with success.
static int rollcall_ldap_uses_gnutls(void) {
    char *package = NULL;
    if (ldap_get_option(NULL, LDAP_OPT_X_TLS_PACKAGE, &package) != 0 || package == NULL) return 0;
    int is_gnutls = strcmp(package, "GnuTLS") == 0;
    ldap_memfree(package);
    return is_gnutls;
}

int rollcall_ldap_set_tls(LDAP *handle, const char *ca_file, const char *certificate, const char *key) {
    int code = rollcall_ldap_set_int(handle, LDAP_OPT_X_TLS_REQUIRE_CERT, LDAP_OPT_X_TLS_DEMAND);
    if (code == 0) code = rollcall_ldap_set_int(handle, LDAP_OPT_X_TLS_PROTOCOL_MIN, LDAP_OPT_X_TLS_PROTOCOL_TLS1_2);
    if (code == 0 && rollcall_ldap_uses_gnutls())
        code = rollcall_ldap_set_text(handle, LDAP_OPT_X_TLS_CIPHER_SUITE, "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2");
    // Without this a certificate that has no subjectAltName is compared by its common name (RFC 6125 section 6.4.4).
    if (code == 0) code = rollcall_ldap_set_int(handle, LDAP_OPT_X_TLS_REQUIRE_SAN, LDAP_OPT_X_TLS_DEMAND);
    if (code == 0) code = rollcall_ldap_set_text(handle, LDAP_OPT_X_TLS_CACERTDIR, NULL);
    if (code == 0) code = rollcall_ldap_set_text(handle, LDAP_OPT_X_TLS_CACERTFILE, ca_file);
    if (code == 0 && certificate != NULL) code = rollcall_ldap_set_text(handle, LDAP_OPT_X_TLS_CERTFILE, certificate);
    if (code == 0 && key != NULL) code = rollcall_ldap_set_text(handle, LDAP_OPT_X_TLS_KEYFILE, key);
    if (code == 0) code = rollcall_ldap_set_int(handle, LDAP_OPT_X_TLS_NEWCTX, 0);
    return code;
}

static Sockbuf *rollcall_ldap_sockbuf(LDAP *handle) {
    Sockbuf *buffer = NULL;
    return ldap_get_option(handle, LDAP_OPT_SOCKBUF, &buffer) == 0 ? buffer : NULL;
}

void rollcall_ldap_read_ahead(LDAP *handle, int bytes) {
    Sockbuf *buffer = rollcall_ldap_sockbuf(handle);
    if (buffer != NULL) (void)ber_sockbuf_add_io(buffer, &ber_sockbuf_io_readahead, LBER_SBIOD_LEVEL_PROVIDER, &bytes);
}

void rollcall_ldap_set_largest_message(LDAP *handle, size_t bytes) {
    Sockbuf *buffer = rollcall_ldap_sockbuf(handle);
    ber_len_t limit = bytes;
    if (buffer != NULL) (void)ber_sockbuf_ctrl(buffer, LBER_SB_OPT_SET_MAX_INCOMING, &limit);
}

int rollcall_ldap_connect(LDAP *handle, int *system_error) {
    errno = 0;
    int code = ldap_connect(handle);
    *system_error = errno;
    return code;
}

const char *rollcall_unresolved(const char *host) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    int code = getaddrinfo(host, NULL, &hints, &found);
    if (code != 0) return gai_strerror(code);
    freeaddrinfo(found);
    return NULL;
}

char *rollcall_ldap_diagnostic(LDAP *handle) {
    char *text = NULL;
    return ldap_get_option(handle, LDAP_OPT_DIAGNOSTIC_MESSAGE, &text) == 0 ? text : NULL;
}

int rollcall_ldap_descriptor(LDAP *handle) {
    int descriptor = -1;
    return ldap_get_option(handle, LDAP_OPT_DESC, &descriptor) == 0 ? descriptor : -1;
}

int rollcall_ldap_has_buffered(LDAP *handle) {
    Sockbuf *buffer = rollcall_ldap_sockbuf(handle);
    return buffer != NULL && ber_sockbuf_ctrl(buffer, LBER_SB_OPT_DATA_READY, NULL) > 0;
}

char *rollcall_ldap_tls_version(LDAP *handle) {
    char *text = NULL;
    return ldap_get_option(handle, LDAP_OPT_X_TLS_VERSION, &text) == 0 ? text : NULL;
}

int rollcall_ldap_bind_simple(LDAP *handle, const char *dn, const void *password, size_t count, int *id) {
    struct berval credentials = {.bv_len = count, .bv_val = (char *)password};
    return ldap_sasl_bind(handle, dn, LDAP_SASL_SIMPLE, &credentials, NULL, NULL, id);
}

int rollcall_ldap_bind_external(LDAP *handle, int *id) {
    struct berval credentials = {.bv_len = 0, .bv_val = ""};
    return ldap_sasl_bind(handle, NULL, "EXTERNAL", &credentials, NULL, NULL, id);
}

int rollcall_ldap_search(
    LDAP *handle, const char *base, int scope, const char *filter, char **attributes, int size_limit, int page_size,
    const void *cookie, size_t cookie_count, int *id) {
    LDAPControl *page = NULL;
    if (page_size > 0) {
        struct berval mark = {.bv_len = cookie_count, .bv_val = (char *)cookie};
        int code = ldap_create_page_control(handle, page_size, cookie_count > 0 ? &mark : NULL, 1, &page);
        if (code != 0) return code;
    }
    LDAPControl *controls[] = {page, NULL};
    int code = ldap_search_ext(handle, base, scope, filter, attributes, 0, controls, NULL, NULL, size_limit, id);
    if (page != NULL) ldap_control_free(page);
    return code;
}

int rollcall_ldap_next(LDAP *handle, int id, LDAPMessage **message) {
    struct timeval none = {.tv_sec = 0, .tv_usec = 0};
    *message = NULL;
    return ldap_result(handle, id, LDAP_MSG_ONE, &none, message);
}

int rollcall_ldap_page_cookie(LDAP *handle, LDAPControl **controls, struct berval *cookie) {
    ber_int_t estimate = 0;
    cookie->bv_len = 0;
    cookie->bv_val = NULL;
    LDAPControl *page = ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, controls, NULL);
    if (page == NULL) return 0;
    return ldap_parse_pageresponse_control(handle, page, &estimate, cookie) == 0 ? 1 : -1;
}

void rollcall_socket_timeouts(int descriptor, int64_t read_milliseconds, int64_t write_milliseconds) {
    struct timeval in = {.tv_sec = (time_t)(read_milliseconds / 1000), .tv_usec = (suseconds_t)(read_milliseconds % 1000 * 1000)};
    struct timeval out = {.tv_sec = (time_t)(write_milliseconds / 1000), .tv_usec = (suseconds_t)(write_milliseconds % 1000 * 1000)};
    (void)setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &in, sizeof in);
    (void)setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &out, sizeof out);
}

int rollcall_peer_is_local(int descriptor) {
    struct sockaddr_storage peer;
    socklen_t size = sizeof peer;
    memset(&peer, 0, sizeof peer);
    if (getpeername(descriptor, (struct sockaddr *)&peer, &size) != 0) return 0;
    if (peer.ss_family == AF_UNIX) return 1;
    if (peer.ss_family == AF_INET) {
        const struct sockaddr_in *four = (const struct sockaddr_in *)&peer;
        return ntohl(four->sin_addr.s_addr) >> 24 == 127;
    }
    if (peer.ss_family == AF_INET6) {
        const struct in6_addr *six = &((const struct sockaddr_in6 *)&peer)->sin6_addr;
        return IN6_IS_ADDR_LOOPBACK(six) || (IN6_IS_ADDR_V4MAPPED(six) && six->s6_addr[12] == 127);
    }
    return 0;
}
