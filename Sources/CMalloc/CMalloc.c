#include "CMalloc.h"

#include <malloc.h>

void rollcall_give_back_memory(void) { malloc_trim(0); }
