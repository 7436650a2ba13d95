/* tar_file.c: POSIX.1-1988 ustar headers and POSIX.1-2001 pax records. A member is a header block and its content, filled up with zeros
   to whole blocks; two blocks of zeros end the archive. */
#include "exchange/tar_file.h"

#include <stdio.h>
#include <string.h>

enum { BLOCK = 512, NAME_ROOM = 100, PREFIX_ROOM = 155, MOST_SIZE_DIGITS = 11 };

typedef struct tar_header {
    char name[NAME_ROOM], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, link[100], magic[6], version[2], owner[32],
        group[32], device_major[8], device_minor[8], prefix[PREFIX_ROOM], padding[12];
} tar_header;
_Static_assert(sizeof(tar_header) == BLOCK, "a header fills a block");

static const char zeros[2 * BLOCK];

/* The sum of all bytes, those of the checksum itself as blanks. */
static unsigned sum_of(const tar_header *header)
{
    tar_header copy = *header;
    memset(copy.checksum, ' ', sizeof copy.checksum);
    unsigned sum = 0;
    for (const unsigned char *at = (const unsigned char *)&copy; at < (const unsigned char *)(&copy + 1); at++)
        sum += *at;
    return sum;
}

static void fill(tar_header *header, char type, size_t size)
{
    char digits[MOST_SIZE_DIGITS + 1];
    memcpy(header->mode, "0000644", 7);
    memcpy(header->uid, "0000000", 7);
    memcpy(header->gid, "0000000", 7);
    snprintf(digits, sizeof digits, "%011zo", size);
    memcpy(header->size, digits, sizeof header->size);
    memcpy(header->mtime, "00000000000", 11);
    memcpy(header->magic, "ustar", 6);
    memcpy(header->version, "00", 2);
    header->type = type;
    snprintf(digits, sizeof digits, "%06o", sum_of(header));
    memcpy(header->checksum, digits, 7);
    header->checksum[7] = ' ';
}

/* The whole name in `name`, or cut at a slash into `prefix` and `name`; false where neither has room. */
static bool split_name(tar_header *header, const char *name)
{
    const size_t length = strlen(name);
    if (length <= NAME_ROOM) {
        memcpy(header->name, name, length);
        return true;
    }
    for (const char *slash = strchr(name, '/'); slash; slash = strchr(slash + 1, '/')) {
        const size_t before = (size_t)(slash - name), after = length - before - 1;
        if (before == 0 || before > PREFIX_ROOM || after == 0 || after > NAME_ROOM)
            continue;
        memcpy(header->prefix, name, before);
        memcpy(header->name, slash + 1, after);
        return true;
    }
    return false;
}

static bool put_padded(df_writer *writer, const tar_header *header, df_bytes content, df_error *err)
{
    const size_t rest = content.size % BLOCK;
    return df_writer_put(writer, header, sizeof *header, err) && df_writer_put(writer, content.data, content.size, err) &&
           df_writer_put(writer, zeros, rest ? BLOCK - rest : 0, err);
}

/* "LENGTH path=NAME\n", where LENGTH counts itself. */
static bool put_long_name(df_writer *writer, const char *name, df_error *err)
{
    char record[4096];
    tar_header header = {.name = "PaxHeader"};
    const size_t rest = strlen(" path=\n") + strlen(name);
    size_t length = rest + 1;
    while (length != rest + (size_t)snprintf(NULL, 0, "%zu", length))
        length = rest + (size_t)snprintf(NULL, 0, "%zu", length);
    if (length >= sizeof record)
        return df_fail(err, "%.100s...: a name of %zu bytes is too long for a tar archive", name, strlen(name));
    snprintf(record, sizeof record, "%zu path=%s\n", length, name);
    fill(&header, 'x', length);
    return put_padded(writer, &header, (df_bytes){(const unsigned char *)record, length}, err);
}

bool tar_put(df_writer *writer, const char *name, df_bytes content, df_error *err)
{
    tar_header header = {0};
    if (content.size >> (3 * MOST_SIZE_DIGITS) != 0)
        return df_fail(err, "%.100s: %zu bytes are too many for a tar archive", name, content.size);
    if (!split_name(&header, name)) {
        if (!put_long_name(writer, name, err))
            return false;
        memcpy(header.name, name, NAME_ROOM); /* for readers without pax */
    }
    fill(&header, '0', content.size);
    return put_padded(writer, &header, content, err);
}

bool tar_end(df_writer *writer, df_error *err)
{
    return df_writer_put(writer, zeros, sizeof zeros, err);
}

/* ---- is it whole? ---- */

static bool parse_octal(const char *digits, size_t count, size_t *out)
{
    size_t value = 0;
    for (size_t i = 0; i < count; i++) {
        if (digits[i] < '0' || digits[i] > '7')
            return false;
        value = value * 8 + (size_t)(digits[i] - '0');
    }
    *out = value;
    return true;
}

/* The blocks of content behind a header that is right. */
static bool check_header(const tar_header *header, size_t *blocks)
{
    size_t sum, size;
    if (memcmp(header->magic, "ustar", 6) != 0 || !parse_octal(header->checksum, 6, &sum) || sum != sum_of(header) ||
        !parse_octal(header->size, MOST_SIZE_DIGITS, &size))
        return false;
    *blocks = (size + BLOCK - 1) / BLOCK;
    return true;
}

static bool starts_with(const tar_header *header, const char *first)
{
    tar_header expected = {0};
    if (!split_name(&expected, first))
        return header->type == 'x';
    return memcmp(header->name, expected.name, NAME_ROOM) == 0 && memcmp(header->prefix, expected.prefix, PREFIX_ROOM) == 0;
}

static bool walk(df_bytes archive, const char *first, int64_t *members)
{
    const size_t blocks = archive.size / BLOCK;
    if (archive.size % BLOCK != 0 || blocks < 3)
        return false;
    size_t at = 0, content;
    while (at < blocks - 2) {
        tar_header header;
        memcpy(&header, archive.data + at * BLOCK, BLOCK);
        if (!check_header(&header, &content) || (at == 0 && !starts_with(&header, first)) || content > blocks - 2 - at - 1)
            return false;
        *members += header.type == '0';
        at += 1 + content;
    }
    return memcmp(archive.data + at * BLOCK, zeros, sizeof zeros) == 0;
}

bool tar_is_whole(const char *path, const char *first, bool *is_whole, int64_t *members, df_error *err)
{
    df_bytes archive;
    if (!df_file_map(path, &archive, err))
        return false;
    int64_t count = 0;
    *is_whole = walk(archive, first, &count);
    *members = count;
    df_file_unmap(&archive);
    return true;
}
