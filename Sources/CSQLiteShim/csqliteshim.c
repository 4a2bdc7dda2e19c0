#include "csqliteshim.h"
