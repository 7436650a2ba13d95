/* recordio.c: a record is put together in memory and written part by part. */
#include "exchange/recordio.h"

#include <string.h>

static const unsigned char MAGIC[4] = {0x0A, 0x23, 0xD7, 0xCE}; /* 0xCED7230A */

enum { WORD = 4, LENGTH_BITS = 29, HEADER = 24, MOST = (1 << LENGTH_BITS) - 1 };
typedef enum part { PART_WHOLE, PART_FIRST, PART_MIDDLE, PART_LAST } part;

static void store(unsigned char *to, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        to[i] = (unsigned char)(value >> 8 * i);
}

static void store_float(unsigned char *to, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    store(to, bits, WORD);
}

static bool put_part(recordio *to, part flag, const unsigned char *data, size_t size, df_error *err)
{
    static const unsigned char zeros[WORD] = {0};
    unsigned char head[2 * WORD];
    const size_t padding = (WORD - size % WORD) % WORD;
    memcpy(head, MAGIC, WORD);
    store(head + WORD, (uint64_t)flag << LENGTH_BITS | size, WORD);
    to->place += sizeof head + size + padding;
    return df_writer_put(to->file, head, sizeof head, err) && df_writer_put(to->file, data, size, err) &&
           df_writer_put(to->file, zeros, padding, err);
}

/* A record without its magic numbers: each ends a part. */
static bool put_record(recordio *to, const unsigned char *data, size_t size, df_error *err)
{
    size_t first = 0;
    for (size_t i = 0; i + WORD <= size; i += WORD) {
        if (memcmp(data + i, MAGIC, WORD) != 0)
            continue;
        if (!put_part(to, first == 0 ? PART_FIRST : PART_MIDDLE, data + first, i - first, err))
            return false;
        first = i + WORD;
    }
    return put_part(to, first == 0 ? PART_WHOLE : PART_LAST, data + first, size - first, err);
}

bool recordio_put(recordio *to, uint64_t id, const float *labels, uint32_t label_count, df_bytes image, df_arena *scratch, uint64_t *place,
                  df_error *err)
{
    const bool is_one = label_count == 1;
    const size_t behind = is_one ? 0 : (size_t)label_count * WORD, size = HEADER + behind + image.size;
    if (image.size > MOST - HEADER - behind)
        return df_fail(err, "a record of %zu bytes, expected at most %d", image.size, MOST);
    unsigned char *record = df_alloc(scratch, size, 1, err);
    if (!record)
        return false;
    store(record, is_one ? 0 : label_count, WORD);
    store_float(record + WORD, is_one ? labels[0] : 0);
    store(record + 2 * WORD, id, 8); /* the second id stays 0 */
    for (uint32_t i = 0; i < label_count && !is_one; i++)
        store_float(record + HEADER + i * WORD, labels[i]);
    if (image.size)
        memcpy(record + HEADER + behind, image.data, image.size);
    const uint64_t begin = to->place;
    if (!put_record(to, record, size, err))
        return false;
    *place = begin;
    return true;
}
