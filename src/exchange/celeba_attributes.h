/* celeba_attributes.h: the attributes of an image by CelebA's names, 1 or -1. Imported sets have their own (key "attributes"); of rendered
   ones those that follow from the manifest are derived, by the rules in celeba_attributes.c and docs/export-datasets.md. */
#ifndef DF_EXCHANGE_CELEBA_ATTRIBUTES_H
#define DF_EXCHANGE_CELEBA_ATTRIBUTES_H

#include "base/text.h"
#include "exchange/exporter.h"

typedef struct celeba_attributes {
    bool is_derived;
    const char **names; /* [count] */
    size_t count;       /* 0: nothing is known */
} celeba_attributes;

/* By the first image of a set; names live in the arena. */
bool celeba_attributes_init(celeba_attributes *attributes, const export_sample *first, df_arena *arena, df_error *err) DF_CHECKED;

/* Appends the names, and the values of one image, with a blank between them. Fails where the image has other attributes. */
void celeba_attributes_head(const celeba_attributes *attributes, df_text *out);
bool celeba_attributes_put(const celeba_attributes *attributes, const export_sample *sample, df_text *out, df_error *err) DF_CHECKED;

#endif
