/* export_square.c: one size and one number of channels for a whole export. */
#include "exchange/export_square.h"

bool export_square_open(const export_context *context, int usual, export_square *out, df_error *err)
{
    const export_set *set = context->set;
    export_square square = {.size = context->setting->size > 0 ? context->setting->size : usual};
    if (square.size == 0 && (!set->is_uniform || set->width != set->height))
        return df_fail(err, "%s: its images are not all square and of one size: say --size", set->folder);
    if (square.size == 0)
        square.size = set->width;
    square.channels = set->is_uniform && set->channels <= 2 ? 1 : 3; /* 2 is grey with alpha */
    *out = square;
    return true;
}

bool export_square_png(const export_square *square, export_sample *sample, df_bytes *out, df_error *err)
{
    return export_sample_png(sample, square->channels, square->size, out, err);
}
