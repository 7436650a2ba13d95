/* net_rule.c: weights out of names. Arithmetic is in double and rounded once, so that every program makes the same. */
#include <math.h>
#include <string.h>

#include "nets/net_weights.h"

static uint64_t hash_name(const char *name)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 1099511628211u;
    return hash;
}

/* Number `index` of a name's stream: mean 0, variance 1. */
static double number_at(uint64_t hash, uint64_t index)
{
    uint64_t z = hash + (index + 1) * 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    z ^= z >> 31;
    return (2 * ((double)(z >> 40) / 16777216) - 1) * sqrt(3);
}

static bool ends_in(const char *name, const char *ending)
{
    const size_t size = strlen(name), wanted = strlen(ending);
    return size >= wanted && strcmp(name + size - wanted, ending) == 0;
}

void net_rule_fill(const char *name, const nn_shape *shape, double scale, float *out)
{
    double offset = 0, factor = 0.1;
    const int64_t count = nn_elements(shape);
    if (shape->rank >= 2)
        factor = scale * sqrt(2 / ((double)count / (double)shape->size[0]));
    else if (ends_in(name, "running_var")) {
        offset = 1;
        factor = 0.25;
    } else if (!ends_in(name, "running_mean") && ends_in(name, "weight"))
        offset = 1;
    const uint64_t hash = hash_name(name);
    for (int64_t i = 0; i < count; i++)
        out[i] = (float)(offset + factor * number_at(hash, (uint64_t)i));
}
