#ifndef ROLLCALL_CMALLOC_H
#define ROLLCALL_CMALLOC_H

/// Gives memory that was freed back to the system. Glibc keeps it otherwise, and Swift's module of Glibc lacks malloc.h.
void rollcall_give_back_memory(void);

#endif
