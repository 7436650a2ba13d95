/* platt.h: logits to probabilities that hold (Platt 1999, with the Newton iteration of Lin, Lin and Weng 2007). */
#ifndef DF_ATTRIBUTES_PLATT_H
#define DF_ATTRIBUTES_PLATT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/api.h"

/* The slope and offset with which sigmoid(slope z + offset) says best how often the truth is yes, by likelihood, the truths moved a little
   towards each other as in Platt's paper, so that it has a maximum. A slope that is not above 0, or images of one class alone, give 1 and
   0: false then. Memory and order do not matter; the sums are in double. */
DF_API bool platt_fit(const float *logits, const bool *truths, size_t count, double *slope, double *offset);

#endif
