/* zip_read.c: from the end of an archive to its directory to its members. All numbers come from the file: each record is taken
   by `record`, which answers NULL where it does not lie inside. */
#include <inttypes.h>
#include <libdeflate.h>
#include <string.h>

#include "tensor/layout.h"
#include "tensor/zip.h"

enum {
    END_RECORD = 22,
    END_SIGNATURE = 0x06054b50,
    LOCATOR_RECORD = 20,
    LOCATOR_SIGNATURE = 0x07064b50,
    END64_RECORD = 56,
    END64_SIGNATURE = 0x06064b50,
    CENTRAL_RECORD = 46,
    CENTRAL_SIGNATURE = 0x02014b50,
    LOCAL_RECORD = 30,
    LOCAL_SIGNATURE = 0x04034b50,
    LONGEST_COMMENT = 65535,
    FLAG_ENCRYPTED = 1,
    METHOD_STORED = 0,
    METHOD_DEFLATED = 8,
    EXTRA_ZIP64 = 1,
    MOST_DEFLATE = 1032, /* to 1, for a single member: more is impossible */
};

static const unsigned char *record(df_bytes bytes, uint64_t place, size_t size, uint32_t signature)
{
    if (place > bytes.size || size > bytes.size - place || layout_get(bytes.data + place, 4) != signature)
        return NULL;
    return bytes.data + place;
}

typedef struct directory {
    uint64_t place, size, count;
} directory;

/* Zip64 puts larger numbers into a record that a locator just before the end record points to. */
static bool find_directory64(df_bytes bytes, size_t end, directory *out, df_error *err)
{
    const unsigned char *locator = end >= LOCATOR_RECORD ? record(bytes, end - LOCATOR_RECORD, LOCATOR_RECORD, LOCATOR_SIGNATURE) : NULL;
    if (!locator)
        return true;
    const unsigned char *end64 = record(bytes, layout_get(locator + 8, 8), END64_RECORD, END64_SIGNATURE);
    if (!end64)
        return df_fail(err, "zip: the zip64 end record is not where the locator says");
    *out = (directory){.count = layout_get(end64 + 32, 8), .size = layout_get(end64 + 40, 8), .place = layout_get(end64 + 48, 8)};
    return true;
}

static bool find_directory(df_bytes bytes, directory *out, df_error *err)
{
    for (size_t comment = 0; comment <= LONGEST_COMMENT && comment + END_RECORD <= bytes.size; comment++) {
        const size_t place = bytes.size - END_RECORD - comment;
        const unsigned char *end = record(bytes, place, END_RECORD, END_SIGNATURE);
        if (!end || layout_get(end + 20, 2) != comment)
            continue;
        directory found = {.count = layout_get(end + 10, 2), .size = layout_get(end + 12, 4), .place = layout_get(end + 16, 4)};
        if (!find_directory64(bytes, place, &found, err))
            return false;
        if (found.place > place || found.size > place - found.place || found.count > found.size / CENTRAL_RECORD)
            return df_fail(err, "zip: directory of %" PRIu64 " members in %" PRIu64 " bytes at %" PRIu64 ", not inside the file",
                           found.count, found.size, found.place);
        *out = found;
        return true;
    }
    return df_fail(err, "zip: no end record, the file is cut or no archive");
}

/* Numbers that a directory entry may move into its zip64 extra field, in this order. */
typedef struct entry_numbers {
    uint64_t size, packed, place;
} entry_numbers;

static bool read_zip64(df_bytes extra, entry_numbers *numbers, df_error *err)
{
    uint64_t *const wanted[] = {&numbers->size, &numbers->packed, &numbers->place};
    for (size_t at = 0; at + 4 <= extra.size;) {
        const size_t size = (size_t)layout_get(extra.data + at + 2, 2), start = at + 4;
        if (size > extra.size - start)
            return df_fail(err, "extra field longer than its entry");
        at = start + size;
        if (layout_get(extra.data + start - 4, 2) != EXTRA_ZIP64)
            continue;
        size_t next = start;
        for (size_t i = 0; i < DF_ARRAY_LEN(wanted); i++) {
            if (*wanted[i] != UINT32_MAX)
                continue;
            if (at - next < 8)
                return df_fail(err, "zip64 field too short");
            *wanted[i] = layout_get(extra.data + next, 8);
            next += 8;
        }
    }
    return true;
}

/* The data of a member lie behind its local header, whose own name and extra field may differ in length. */
static bool find_data(df_bytes bytes, const entry_numbers *numbers, uint64_t directory_place, zip_member *out, df_error *err)
{
    const unsigned char *local = record(bytes, numbers->place, LOCAL_RECORD, LOCAL_SIGNATURE);
    if (!local)
        return df_fail(err, "no local header at %" PRIu64, numbers->place);
    const uint64_t start = numbers->place + LOCAL_RECORD + layout_get(local + 26, 2) + layout_get(local + 28, 2);
    if (start > directory_place || numbers->packed > directory_place - start)
        return df_fail(err, "%" PRIu64 " bytes at %" PRIu64 ", not before the directory", numbers->packed, start);
    out->packed = (df_bytes){.data = bytes.data + start, .size = (size_t)numbers->packed};
    return true;
}

static bool check_sizes(const zip_member *member, uint64_t size, df_error *err)
{
    if (!member->deflated && size != member->packed.size)
        return df_fail(err, "stored, but its sizes %" PRIu64 " and %zu differ", size, member->packed.size);
    if (size / MOST_DEFLATE > member->packed.size)
        return df_fail(err, "%" PRIu64 " bytes from %zu, which is impossible", size, member->packed.size);
    return true;
}

/* Reads the entry at `entry` (`room` bytes to the directory's end); *length is its own. */
static bool read_entry(df_bytes bytes, const directory *dir, const unsigned char *entry, size_t room, zip_member *out, size_t *length,
                       df_arena *arena, df_error *err)
{
    if (room < CENTRAL_RECORD || layout_get(entry, 4) != CENTRAL_SIGNATURE)
        return df_fail(err, "no directory entry where one is expected");
    const size_t name = (size_t)layout_get(entry + 28, 2), extra = (size_t)layout_get(entry + 30, 2);
    *length = CENTRAL_RECORD + name + extra + (size_t)layout_get(entry + 32, 2);
    if (*length > room)
        return df_fail(err, "directory entry longer than the directory");
    const unsigned flags = (unsigned)layout_get(entry + 8, 2), method = (unsigned)layout_get(entry + 10, 2);
    if (flags & FLAG_ENCRYPTED || (method != METHOD_STORED && method != METHOD_DEFLATED))
        return df_fail(err, "encrypted or packed by method %u, expected 0 or 8", method);
    if (memchr(entry + CENTRAL_RECORD, 0, name))
        return df_fail(err, "a zero byte in its name");
    entry_numbers numbers = {.packed = layout_get(entry + 20, 4), .size = layout_get(entry + 24, 4), .place = layout_get(entry + 42, 4)};
    zip_member member = {.deflated = method == METHOD_DEFLATED, .crc = (uint32_t)layout_get(entry + 16, 4)};
    if (!read_zip64((df_bytes){.data = entry + CENTRAL_RECORD + name, .size = extra}, &numbers, err) ||
        !find_data(bytes, &numbers, dir->place, &member, err) || !check_sizes(&member, numbers.size, err))
        return false;
    member.size = (size_t)numbers.size;
    char *text = df_alloc(arena, name + 1, 1, err);
    if (!text)
        return false;
    memcpy(text, entry + CENTRAL_RECORD, name);
    member.name = text;
    *out = member;
    return true;
}

static bool check_together(df_bytes bytes, const zip_member *members, size_t count, df_arena *arena, df_error *err)
{
    layout_span *spans = df_alloc(arena, count, sizeof *spans, err);
    if (!spans)
        return false;
    size_t total = 0;
    for (size_t i = 0; i < count; i++) {
        const size_t begin = (size_t)(members[i].packed.data - bytes.data);
        spans[i] = (layout_span){.begin = begin, .end = begin + members[i].packed.size, .name = members[i].name};
        if (members[i].deflated && __builtin_add_overflow(total, members[i].size, &total))
            total = SIZE_MAX;
    }
    if (total > layout_most_bytes(bytes.size))
        return df_fail(err, "zip: %zu bytes unpack to %zu, more than an honest archive", bytes.size, total);
    return layout_sort_spans(spans, count, err);
}

bool zip_list(df_bytes bytes, df_arena *arena, zip_member **out, size_t *count, df_error *err)
{
    directory dir = {0};
    if (!find_directory(bytes, &dir, err))
        return false;
    zip_member *members = df_alloc(arena, (size_t)dir.count, sizeof *members, err);
    if (!members)
        return false;
    size_t used = 0;
    for (size_t i = 0; i < dir.count; i++) {
        size_t length = 0;
        if (!read_entry(bytes, &dir, bytes.data + dir.place + used, (size_t)dir.size - used, &members[i], &length, arena, err))
            return df_fail_in(err, "zip: member %zu", i + 1);
        used += length;
    }
    if (used != dir.size)
        return df_fail(err, "zip: %zu bytes after the last directory entry", (size_t)dir.size - used);
    if (!check_together(bytes, members, (size_t)dir.count, arena, err))
        return false;
    *out = members;
    *count = (size_t)dir.count;
    return true;
}

static bool inflate(const zip_member *member, unsigned char *out, df_error *err)
{
    struct libdeflate_decompressor *inflater = libdeflate_alloc_decompressor();
    if (!inflater)
        return df_fail(err, "out of memory");
    size_t used;
    const enum libdeflate_result result =
        libdeflate_deflate_decompress_ex(inflater, member->packed.data, member->packed.size, out, member->size, &used, NULL);
    libdeflate_free_decompressor(inflater);
    if (result != LIBDEFLATE_SUCCESS || used != member->packed.size)
        return df_fail(err, "its deflated data are damaged");
    return true;
}

bool zip_unpack(const zip_member *member, df_arena *arena, df_bytes *out, df_error *err)
{
    df_bytes bytes = member->packed;
    if (member->deflated) {
        unsigned char *data = df_alloc(arena, member->size, 1, err);
        if (!data || !inflate(member, data, err))
            return false;
        bytes = (df_bytes){.data = data, .size = member->size};
    }
    if (libdeflate_crc32(0, bytes.data, bytes.size) != member->crc)
        return df_fail(err, "its check sum is wrong");
    *out = bytes;
    return true;
}
