/* rle.c: one walk down the columns; where the class changes, the run of the one ends and that of the other begins. */
#include "exchange/rle.h"

static void put_length(rle *mask, int64_t length)
{
    int64_t rest = mask->grown.runs > 2 ? length - mask->grown.before[0] : length;
    for (bool is_more = true; is_more;) {
        const int group = (int)(rest & 0x1F);
        rest >>= 5; /* keeps the sign */
        is_more = rest != ((group & 0x10) ? -1 : 0);
        const char letter = (char)((group | (is_more ? 0x20 : 0)) + 48);
        df_text_add_bytes(&mask->counts, &letter, 1);
    }
    mask->grown.before[0] = mask->grown.before[1];
    mask->grown.before[1] = length;
    mask->grown.runs++;
}

/* Pixels first .. end - 1 of the columns one after the other are set. */
static void put_run(rle *mask, int64_t first, int64_t end, int height)
{
    put_length(mask, first - mask->grown.end);
    put_length(mask, end - first);
    mask->grown.end = end;
    mask->area += end - first;
    const int x0 = (int)(first / height), x1 = (int)((end - 1) / height);
    const int y0 = x0 == x1 ? (int)(first % height) : 0, y1 = x0 == x1 ? (int)((end - 1) % height) : height - 1;
    const bool is_first = mask->area == end - first;
    mask->grown.x0 = is_first ? x0 : mask->grown.x0; /* columns only grow */
    mask->grown.x1 = x1;
    mask->grown.y0 = is_first || y0 < mask->grown.y0 ? y0 : mask->grown.y0;
    mask->grown.y1 = is_first || y1 > mask->grown.y1 ? y1 : mask->grown.y1;
}

static void clear(rle *mask)
{
    df_text counts = mask->counts;
    df_text_clear(&counts);
    *mask = (rle){.counts = counts};
}

static void finish(rle *mask, int64_t pixels)
{
    if (mask->grown.end < pixels)
        put_length(mask, pixels - mask->grown.end);
    if (mask->area == 0)
        return;
    mask->box[0] = mask->grown.x0;
    mask->box[1] = mask->grown.y0;
    mask->box[2] = mask->grown.x1 - mask->grown.x0 + 1;
    mask->box[3] = mask->grown.y1 - mask->grown.y0 + 1;
}

bool rle_encode(const uint8_t *codes, int width, int height, const uint8_t classes[256], rle *masks, int count, df_error *err)
{
    for (int m = 0; m < count; m++)
        clear(&masks[m]);
    const int64_t pixels = (int64_t)width * height;
    int64_t at = 0, first = 0;
    uint8_t current = RLE_NONE;
    for (int x = 0; x < width; x++)
        for (int y = 0; y < height; y++, at++) {
            const uint8_t here = classes[codes[(size_t)y * (size_t)width + (size_t)x]];
            if (here == current)
                continue;
            if (current != RLE_NONE)
                put_run(&masks[current], first, at, height);
            current = here;
            first = at;
        }
    if (current != RLE_NONE)
        put_run(&masks[current], first, pixels, height);
    bool is_good = true;
    for (int m = 0; m < count && is_good; m++) {
        finish(&masks[m], pixels);
        is_good = df_text_ok(&masks[m].counts, err);
    }
    return is_good;
}

void rle_free(rle *mask)
{
    df_text_free(&mask->counts);
}
