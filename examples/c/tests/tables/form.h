// The file form of a catalog: reading at a path, and setting there what a table has otherwise.
#ifndef FORM_H
#define FORM_H

#include "room.h"

const char *form_value(room *in, json *form, const char *path);
bool form_set(room *in, json *form, const char *path, const char *value);

#endif
