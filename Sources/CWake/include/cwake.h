// The few system calls that a thread which waits needs, and that Swift cannot import.
#ifndef ROLLCALL_CWAKE_H
#define ROLLCALL_CWAKE_H

// A descriptor that becomes readable when signalled; -1 on failure.
int rollcall_wake_create(void);
void rollcall_wake_signal(int descriptor);
void rollcall_wake_clear(int descriptor);
// Makes writes to a closed socket fail instead of ending the process; for the calling thread only.
void rollcall_block_sigpipe(void);

#endif
