/* ply_header.c: the header is lines of words in every format; values are words or bytes. */
#include "face/ply_header.h"

#include <float.h>
#include <math.h>
#include <string.h>

typedef struct type_row {
    const char *names[2];
    size_t bytes;
    double most;
} type_row;

static const type_row types[PLY_TYPE_COUNT] = {
    [PLY_I8] = {{"char", "int8"}, 1, INT8_MAX},     [PLY_U8] = {{"uchar", "uint8"}, 1, UINT8_MAX},
    [PLY_I16] = {{"short", "int16"}, 2, INT16_MAX}, [PLY_U16] = {{"ushort", "uint16"}, 2, UINT16_MAX},
    [PLY_I32] = {{"int", "int32"}, 4, INT32_MAX},   [PLY_U32] = {{"uint", "uint32"}, 4, UINT32_MAX},
    [PLY_F32] = {{"float", "float32"}, 4, 1},       [PLY_F64] = {{"double", "float64"}, 8, 1},
};

double ply_type_most(ply_type type)
{
    return types[type].most;
}

size_t ply_type_bytes(ply_type type)
{
    return types[type].bytes;
}

static bool type_named(scan_word word, ply_type *out)
{
    for (int t = 0; t < PLY_TYPE_COUNT; t++)
        if (scan_is(word, types[t].names[0]) || scan_is(word, types[t].names[1])) {
            *out = (ply_type)t;
            return true;
        }
    return false;
}

static bool read_name(scan_text *line, char out[PLY_NAME], df_error *err)
{
    scan_word word, more;
    if (!scan_next(line, &word) || word.size >= PLY_NAME || scan_next(line, &more))
        return df_fail(err, "expected one name of at most %d bytes at its end", PLY_NAME - 1);
    memcpy(out, word.text, word.size);
    out[word.size] = '\0';
    return true;
}

static bool read_format(scan_text *line, ply_format *out, df_error *err)
{
    static const char *const names[] = {[PLY_ASCII] = "ascii", [PLY_LITTLE] = "binary_little_endian", [PLY_BIG] = "binary_big_endian"};
    scan_word word, version;
    if (scan_next(line, &word) && scan_next(line, &version) && scan_is(version, "1.0"))
        for (size_t i = 0; i < DF_ARRAY_LEN(names); i++)
            if (scan_is(word, names[i])) {
                *out = (ply_format)i;
                return true;
            }
    return df_fail(err, "expected format ascii, binary_little_endian or binary_big_endian, version 1.0");
}

/* "element NAME COUNT" */
static bool read_element(scan_text *line, ply_header *header, df_error *err)
{
    scan_word name, count;
    int64_t rows;
    if (header->element_count == PLY_MOST_ELEMENTS)
        return df_fail(err, "more than %d elements", PLY_MOST_ELEMENTS);
    if (!scan_next(line, &name) || !scan_next(line, &count) || name.size >= PLY_NAME || !scan_integer(count, &rows) || rows < 0)
        return df_fail(err, "expected an element's name and count");
    ply_element *element = &header->elements[header->element_count++];
    *element = (ply_element){.count = (size_t)rows};
    memcpy(element->name, name.text, name.size);
    return true;
}

/* "property TYPE NAME" or "property list TYPE TYPE NAME" */
static bool read_property(scan_text *line, ply_header *header, df_error *err)
{
    scan_word word;
    ply_property property = {0};
    ply_element *element = header->element_count > 0 ? &header->elements[header->element_count - 1] : NULL;
    if (!element || element->property_count == PLY_MOST_PROPERTIES)
        return df_fail(err, "expected an element before it, with at most %d properties", PLY_MOST_PROPERTIES);
    bool ok = scan_next(line, &word);
    if (ok && scan_is(word, "list")) {
        property.is_list = true;
        ok = scan_next(line, &word) && type_named(word, &property.length_type) && property.length_type < PLY_F32 && scan_next(line, &word);
    }
    if (!ok || !type_named(word, &property.type))
        return df_fail(err, "expected a property's type");
    if (!read_name(line, property.name, err))
        return false;
    element->properties[element->property_count++] = property;
    return true;
}

/* Sets *is_end at the header's last line. */
static bool read_line(scan_text *line, ply_header *header, bool *has_format, bool *is_end, df_error *err)
{
    scan_word word;
    if (!scan_next(line, &word) || scan_is(word, "comment") || scan_is(word, "obj_info"))
        return true;
    if (scan_is(word, "format"))
        return *has_format = read_format(line, &header->format, err);
    if (scan_is(word, "element"))
        return read_element(line, header, err);
    if (scan_is(word, "property"))
        return read_property(line, header, err);
    *is_end = scan_is(word, "end_header");
    return *is_end || df_fail(err, "expected format, element, property, comment or end_header");
}

/* A hostile count ends here and not in an allocation or a loop. */
static bool check_counts(const ply_header *header, size_t bytes, df_error *err)
{
    for (int i = 0; i < header->element_count; i++) {
        const ply_element *element = &header->elements[i];
        const size_t least = (size_t)element->property_count;
        if (element->count > 0 && (least == 0 || element->count > bytes / least))
            return df_fail(err, "element %s: %zu rows of %zu properties, which %zu bytes cannot hold", element->name, element->count, least,
                           bytes);
    }
    return true;
}

bool ply_header_read(scan_text *text, ply_header *out, df_error *err)
{
    scan_text line;
    ply_header header = {0};
    bool has_format = false, is_end = false;
    if (!scan_line(text, &line) || line.end - line.next != 3 || memcmp(line.next, "ply", 3) != 0)
        return df_fail(err, "no PLY file by its first line");
    while (!is_end) {
        if (!scan_line(text, &line))
            return df_fail(err, "ends inside its header");
        if (!read_line(&line, &header, &has_format, &is_end, err))
            return df_fail_in(err, "line %zu", text->line);
    }
    if (!has_format)
        return df_fail(err, "its header names no format");
    if (!check_counts(&header, (size_t)(text->end - text->next), err))
        return false;
    text->line++; /* the one that words are on now */
    *out = header;
    return true;
}

static double number_of_bytes(ply_type type, uint64_t bits)
{
    float single;
    double value = 0;
    const uint32_t low = (uint32_t)bits;
    switch (type) {
    case PLY_I8:
        return (int8_t)bits;
    case PLY_I16:
        return (int16_t)bits;
    case PLY_I32:
        return (int32_t)bits;
    case PLY_U8:
    case PLY_U16:
    case PLY_U32:
        return (double)bits;
    case PLY_F32:
        memcpy(&single, &low, sizeof single);
        return (double)single;
    case PLY_F64:
        memcpy(&value, &bits, sizeof value);
        break;
    case PLY_TYPE_COUNT:
        break;
    }
    return value;
}

static bool binary_value(scan_text *text, ply_format format, ply_type type, double *out, df_error *err)
{
    const size_t bytes = types[type].bytes;
    if ((size_t)(text->end - text->next) < bytes)
        return df_fail(err, "the file ends before it");
    uint64_t bits = 0;
    for (size_t i = 0; i < bytes; i++) {
        const size_t at = format == PLY_LITTLE ? i : bytes - 1 - i;
        bits |= (uint64_t)(unsigned char)text->next[at] << 8 * i;
    }
    text->next += bytes;
    const double value = number_of_bytes(type, bits);
    if (!(fabs(value) <= (double)FLT_MAX))
        return df_fail(err, "is no finite number");
    *out = value;
    return true;
}

bool ply_value(scan_text *text, ply_format format, ply_type type, double *out, df_error *err)
{
    if (format != PLY_ASCII)
        return binary_value(text, format, type, out, err);
    scan_word word;
    if (!scan_next(text, &word))
        return df_fail(err, "the file ends before it");
    if (!scan_number(word, out))
        return df_fail(err, "'%.*s', expected a number", (int)(word.size < 40 ? word.size : 40), word.text);
    return true;
}
