// A store in the memory of a C program: the plainest example of what `bw_store_calls` promises.
#ifndef STORE_H
#define STORE_H

#include "bailiwick.h"

bw_store_calls store_new(void);

#endif
