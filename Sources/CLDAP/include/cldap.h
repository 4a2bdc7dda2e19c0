// A typed view of libldap and liblber: the calls that Swift cannot import (variadic options, pointer-valued macros, casts in
// constants), and the few system calls on its socket.
#ifndef ROLLCALL_CLDAP_H
#define ROLLCALL_CLDAP_H

#include <ldap.h>
#include <stddef.h>
#include <stdint.h>

// Kinds of message, RFC 4511 section 4.2 and following, as ldap_msgtype gives them.
static const int rollcall_ldap_kind_entry = 0x64;
static const int rollcall_ldap_kind_done = 0x65;
static const int rollcall_ldap_kind_reference = 0x73;

// Handles. Every function that returns int without further words returns an LDAP result code.
int rollcall_ldap_open(const char *url, LDAP **handle);
void rollcall_ldap_close(LDAP *handle);
int rollcall_ldap_set_int(LDAP *handle, int option, int value);
int rollcall_ldap_set_off(LDAP *handle, int option);
int rollcall_ldap_set_on(LDAP *handle, int option);
int rollcall_ldap_set_text(LDAP *handle, int option, const char *value);
int rollcall_ldap_set_milliseconds(LDAP *handle, int option, int64_t milliseconds);

// Protocol 3, referrals and aliases not followed, interrupted calls restarted, names not canonicalised, the machine's configuration
// left out.
int rollcall_ldap_set_defaults(LDAP *handle, int64_t connect_milliseconds, int64_t answer_milliseconds);

// Verification always on, TLS 1.2 or later, the name in a subjectAltName. NULL leaves an option out. The context is made last and holds
// all of them.
int rollcall_ldap_set_tls(LDAP *handle, const char *ca_file, const char *certificate, const char *key);

// Reads ahead on the socket, below TLS. Without it libldap asks the system three times for each entry.
void rollcall_ldap_read_ahead(LDAP *handle, int bytes);

// The largest message that is taken in, in bytes. A server that sends a larger one loses the connection.
void rollcall_ldap_set_largest_message(LDAP *handle, size_t bytes);

// Connects without TLS; on failure with the system's error number, which libldap leaves as ENOTCONN when nobody listens.
int rollcall_ldap_connect(LDAP *handle, int *system_error);
// NULL when the name has an address, else why not; the text is not to be freed.
const char *rollcall_unresolved(const char *host);

// The server's or the TLS library's own words; NULL when there are none. Free it with ldap_memfree.
char *rollcall_ldap_diagnostic(LDAP *handle);
// -1 when not connected.
int rollcall_ldap_descriptor(LDAP *handle);
// Whether bytes are waiting inside the library (decrypted or read ahead), which poll on the descriptor would not show.
int rollcall_ldap_has_buffered(LDAP *handle);
// The negotiated TLS version, for instance "TLS1.3"; NULL without TLS. Free it with ldap_memfree.
char *rollcall_ldap_tls_version(LDAP *handle);

// Requests: sent, not waited for.
int rollcall_ldap_bind_simple(LDAP *handle, const char *dn, const void *password, size_t count, int *id);
int rollcall_ldap_bind_external(LDAP *handle, int *id);
// page_size 0 sends no paging control; else the control is critical. A size_limit of 0 means none.
int rollcall_ldap_search(
    LDAP *handle, const char *base, int scope, const char *filter, char **attributes, int size_limit, int page_size,
    const void *cookie, size_t cookie_count, int *id);

// Answers.
// The next message of a request (or of any, for id -1) that can be had without waiting; NULL and 0 when there is none, and -1 when
// the connection is lost.
int rollcall_ldap_next(LDAP *handle, int id, LDAPMessage **message);
// 1 with a copy of the cookie (free it with ber_memfree when not NULL), 0 when the paging control is absent, -1 when it does not decode.
int rollcall_ldap_page_cookie(LDAP *handle, LDAPControl **controls, struct berval *cookie);

// The socket.
// How long one read or write on a socket may block.
void rollcall_socket_timeouts(int descriptor, int64_t read_milliseconds, int64_t write_milliseconds);
// Whether the other end is this machine's loopback or a unix socket.
int rollcall_peer_is_local(int descriptor);

#endif
