/* export_glance.h: what an export has to know of a manifest's line before it begins, without parsing all of it: some microseconds instead
   of hundreds. It takes lines to be as they should; the parser, which every line meets later, has the last word. */
#ifndef DF_EXCHANGE_EXPORT_GLANCE_H
#define DF_EXCHANGE_EXPORT_GLANCE_H

#include "dataset/manifest_read.h"

/* Fills image, identity, index, split, width, height and channels, and nothing else. False where the line is in any way unusual: then
   only manifest_parse can tell what it is. */
bool export_glance(const char *line, size_t length, manifest_entry *out);

#endif
