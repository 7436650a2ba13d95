/* export_sample.h: what stands behind an export_sample; for exporter.c, which fills it, and export_sample.c, which answers for it. */
#ifndef DF_EXCHANGE_EXPORT_SAMPLE_H
#define DF_EXCHANGE_EXPORT_SAMPLE_H

#include "exchange/exporter.h"

struct export_sample {
    const char *folder;
    const manifest_reader *reader; /* holds the line */
    manifest_entry entry;
    int64_t number, person;
    df_arena *scratch;
    png_writer *png; /* NULL until it is needed */
    df_bytes file;   /* data NULL: not read yet */
    image pixels;    /* data NULL: not decoded yet */
    bool is_left_out;
};

/* Makes the sample ready for the next line: its scratch is empty, nothing is read. */
void export_sample_clear(export_sample *sample);

#endif
