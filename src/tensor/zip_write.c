/* zip_write.c: stored members with fixed dates. Sizes always stand in zip64 fields, as numpy.savez writes them, so that there is
   one way for small and large. */
#include <libdeflate.h>
#include <string.h>

#include "base/text.h"
#include "tensor/zip.h"

enum {
    VERSION = 45, /* 4.5, of zip64 */
    DATE = 0x21,  /* 1980-01-01 */
    EXTRA_ZIP64 = 1,
    FLAG_UTF8 = 0x800,
    PART = 1 << 12, /* bytes of a spool at a time */
};

static void add_number(df_text *text, uint64_t value, size_t bytes)
{
    char data[8];
    for (size_t i = 0; i < bytes; i++)
        data[i] = (char)(value >> 8 * i);
    df_text_add_bytes(text, data, bytes);
}

/* What local header and directory entry have in common: from the version needed to the length of the extra field. */
static void add_common(df_text *text, const char *name, uint32_t crc, size_t extra)
{
    add_number(text, VERSION, 2);
    add_number(text, FLAG_UTF8, 2);
    add_number(text, 0, 2); /* stored */
    add_number(text, 0, 2); /* midnight */
    add_number(text, DATE, 2);
    add_number(text, crc, 4);
    add_number(text, UINT32_MAX, 4);
    add_number(text, UINT32_MAX, 4);
    add_number(text, strlen(name), 2);
    add_number(text, extra, 2);
}

static void add_local(df_text *text, const char *name, uint32_t crc, size_t size)
{
    df_text_add(text, "PK\3\4");
    add_common(text, name, crc, 20);
    df_text_add(text, name);
    add_number(text, EXTRA_ZIP64, 2);
    add_number(text, 16, 2);
    add_number(text, size, 8);
    add_number(text, size, 8);
}

static void add_entry(df_text *text, const char *name, uint32_t crc, size_t size, size_t place)
{
    df_text_add(text, "PK\1\2");
    add_number(text, VERSION, 2);
    add_common(text, name, crc, 28);
    add_number(text, 0, 2); /* no comment */
    add_number(text, 0, 8); /* disk, attributes */
    add_number(text, UINT32_MAX, 4);
    df_text_add(text, name);
    add_number(text, EXTRA_ZIP64, 2);
    add_number(text, 24, 2);
    add_number(text, size, 8);
    add_number(text, size, 8);
    add_number(text, place, 8);
}

/* What follows the directory. */
static void add_end(df_text *text, size_t count, size_t size, size_t place, size_t end64)
{
    df_text_add(text, "PK\6\6");
    add_number(text, 44, 8); /* bytes of this record that follow */
    add_number(text, VERSION, 2);
    add_number(text, VERSION, 2);
    add_number(text, 0, 8); /* this disk, the directory's disk */
    add_number(text, count, 8);
    add_number(text, count, 8);
    add_number(text, size, 8);
    add_number(text, place, 8);
    df_text_add(text, "PK\6\7");
    add_number(text, 0, 4);
    add_number(text, end64, 8);
    add_number(text, 1, 4); /* disks */
    df_text_add(text, "PK\5\6");
    add_number(text, 0, 4);
    add_number(text, UINT16_MAX, 2);
    add_number(text, UINT16_MAX, 2);
    add_number(text, UINT32_MAX, 4);
    add_number(text, UINT32_MAX, 4);
    add_number(text, 0, 2); /* no comment */
}

/* Makes room in the directory and writes what stands before a member's bytes, which the caller writes next. */
static bool begin_member(zip_writer *zip, const char *name, uint32_t crc, size_t size, df_error *err)
{
    if (strlen(name) > UINT16_MAX)
        return df_fail(err, "a name of %zu bytes, expected at most %d", strlen(name), UINT16_MAX);
    df_text local = {0}, own = {0};
    df_text *entry = zip->directory ? zip->directory : &own;
    add_local(&local, name, crc, size);
    add_entry(entry, name, crc, size, zip->place);
    const bool ok = df_text_ok(&local, err) && df_text_ok(entry, err) &&
                    (zip->directory || df_spool_put(zip->spool, own.data, own.size, err)) &&
                    df_writer_put(zip->file, local.data, local.size, err);
    zip->place += local.size + size;
    zip->count++;
    df_text_free(&local);
    df_text_free(&own);
    return ok;
}

bool zip_put(zip_writer *zip, const char *name, df_bytes head, df_bytes body, df_error *err)
{
    const uint32_t first =
        head.size > 0 ? libdeflate_crc32(0, head.data, head.size) : 0; /* of NULL the function gives 0 whatever came before */
    const uint32_t crc = body.size > 0 ? libdeflate_crc32(first, body.data, body.size) : first;
    return begin_member(zip, name, crc, head.size + body.size, err) && df_writer_put(zip->file, head.data, head.size, err) &&
           df_writer_put(zip->file, body.data, body.size, err);
}

static bool crc_of_spool(df_spool *body, uint32_t *out, df_error *err)
{
    unsigned char part[PART];
    uint32_t crc = 0;
    const size_t size = df_spool_size(body);
    for (size_t place = 0, count; place < size; place += count) {
        count = size - place < PART ? size - place : PART;
        if (!df_spool_read(body, place, part, count, err))
            return false;
        crc = libdeflate_crc32(crc, part, count);
    }
    *out = crc;
    return true;
}

bool zip_put_spool(zip_writer *zip, const char *name, df_spool *body, df_error *err)
{
    uint32_t crc;
    return crc_of_spool(body, &crc, err) && begin_member(zip, name, crc, df_spool_size(body), err) && df_spool_copy(body, zip->file, err);
}

bool zip_put_directory(zip_writer *zip, df_error *err)
{
    const size_t size = zip->directory ? zip->directory->size : df_spool_size(zip->spool), end64 = zip->place + size;
    if (!(zip->directory ? df_writer_put(zip->file, zip->directory->data, size, err) : df_spool_copy(zip->spool, zip->file, err)))
        return false;
    df_text end = {0};
    add_end(&end, zip->count, size, zip->place, end64);
    const bool ok = df_text_ok(&end, err) && df_writer_put(zip->file, end.data, end.size, err);
    df_text_free(&end);
    return ok;
}
