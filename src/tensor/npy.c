/* npy.c: NumPy's array format: a magic, a Python dictionary as text, the data. Of Python only what numpy.save writes is read:
   three keys, a string, a truth value, a tuple of whole numbers. */
#include "tensor/npy.h"

#include <string.h>

#include "tensor/layout.h"
#include "tensor/npz.h"

enum { MAGIC_BYTES = 6, VERSION_BYTES = 2, ALIGNMENT = 64 };
static const char magic[] = "\x93NUMPY";

/* NumPy's names of our types; NULL: it has none. */
static const char *const descriptions[TENSOR_TYPE_COUNT] = {
    [TENSOR_F64] = "<f8", [TENSOR_F32] = "<f4", [TENSOR_F16] = "<f2",  [TENSOR_BF16] = NULL, [TENSOR_I64] = "<i8",
    [TENSOR_I32] = "<i4", [TENSOR_I16] = "<i2", [TENSOR_I8] = "|i1",   [TENSOR_U64] = "<u8", [TENSOR_U32] = "<u4",
    [TENSOR_U16] = "<u2", [TENSOR_U8] = "|u1",  [TENSOR_BOOL] = "|b1",
};

/* The dictionary's text that is still to be read. */
typedef struct cursor {
    const char *next, *end;
} cursor;

static void skip_spaces(cursor *at)
{
    while (at->next < at->end && (*at->next == ' ' || *at->next == '\n'))
        at->next++;
}

/* Whether `word` comes next; steps over it if so. */
static bool take(cursor *at, const char *word)
{
    const size_t size = strlen(word);
    skip_spaces(at);
    if ((size_t)(at->end - at->next) < size || memcmp(at->next, word, size) != 0)
        return false;
    at->next += size;
    return true;
}

/* A string in single quotes without escapes, shorter than `room`. */
static bool take_string(cursor *at, char *out, size_t room)
{
    if (!take(at, "'"))
        return false;
    const char *quote = memchr(at->next, '\'', (size_t)(at->end - at->next));
    if (!quote || (size_t)(quote - at->next) >= room)
        return false;
    const size_t size = (size_t)(quote - at->next);
    memcpy(out, at->next, size);
    out[size] = '\0';
    at->next = quote + 1;
    return true;
}

static bool take_integer(cursor *at, int64_t *out)
{
    skip_spaces(at);
    int64_t value = 0;
    const char *start = at->next;
    for (; at->next < at->end && *at->next >= '0' && *at->next <= '9'; at->next++)
        if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, *at->next - '0', &value))
            return false;
    *out = value;
    return at->next > start;
}

static bool take_shape(cursor *at, npy_header *header, df_error *err)
{
    if (!take(at, "("))
        return df_fail(err, "shape: expected a tuple");
    while (!take(at, ")")) {
        if (header->rank == TENSOR_MAX_RANK)
            return df_fail(err, "shape: expected at most %d dimensions", TENSOR_MAX_RANK);
        if (!take_integer(at, &header->shape[header->rank]))
            return df_fail(err, "shape[%d]: expected a whole number below 2^63", header->rank);
        header->rank++;
        if (!take(at, ",") && (at->next == at->end || *at->next != ')'))
            return df_fail(err, "shape: expected ',' or ')'");
    }
    return true;
}

/* A byte order ('=' is this machine's, '|' has none), then letter and bytes. */
static bool find_type(npy_header *header, df_error *err)
{
    const char order = header->description[0];
    for (tensor_type type = 0; type < TENSOR_TYPE_COUNT; type++)
        if (order && strchr("<>=|", order) && descriptions[type] && strcmp(descriptions[type] + 1, header->description + 1) == 0) {
            header->type = type;
            header->is_swapped = order == '>' && tensor_type_bytes(type) > 1;
            return true;
        }
    return df_fail(err, "descr: '%s', expected numbers or truth values", header->description);
}

enum { HAS_DESCR = 1, HAS_ORDER = 2, HAS_SHAPE = 4, HAS_ALL = 7 };

/* One `'key': value`; returns the key's flag, 0 after a failure. */
static int take_entry(cursor *at, npy_header *header, df_error *err)
{
    char key[16] = "";
    if (!take_string(at, key, sizeof key) || !take(at, ":"))
        return df_fail(err, "expected 'key': value");
    if (strcmp(key, "descr") == 0) {
        if (!take_string(at, header->description, sizeof header->description))
            return df_fail(err, "descr: expected the name of a number type, found a structure or a long name");
        return HAS_DESCR;
    }
    if (strcmp(key, "fortran_order") == 0) {
        header->is_fortran = take(at, "True");
        return header->is_fortran || take(at, "False") ? HAS_ORDER : df_fail(err, "fortran_order: expected True or False");
    }
    if (strcmp(key, "shape") == 0)
        return take_shape(at, header, err) ? HAS_SHAPE : 0;
    return df_fail(err, "unknown key '%s'", key);
}

static bool parse_dictionary(cursor at, npy_header *header, df_error *err)
{
    int seen = 0;
    if (!take(&at, "{"))
        return df_fail(err, "expected '{'");
    while (!take(&at, "}")) {
        const int flag = take_entry(&at, header, err);
        if (flag == 0)
            return false;
        if (seen & flag)
            return df_fail(err, "a key comes twice");
        seen |= flag;
        if (!take(&at, ",") && (at.next == at.end || *at.next != '}'))
            return df_fail(err, "expected ',' or '}'");
    }
    skip_spaces(&at);
    if (at.next != at.end)
        return df_fail(err, "text after the dictionary");
    return seen == HAS_ALL || df_fail(err, "expected the keys descr, fortran_order and shape");
}

bool npy_parse_header(df_bytes bytes, npy_header *out, df_error *err)
{
    const size_t fixed = MAGIC_BYTES + VERSION_BYTES;
    if (bytes.size < fixed + 2 || memcmp(bytes.data, magic, MAGIC_BYTES) != 0)
        return df_fail(err, "no .npy array by its first bytes");
    const int version = bytes.data[MAGIC_BYTES];
    if (version < 1 || version > 3)
        return df_fail(err, ".npy version %d, expected 1 to 3", version);
    const size_t length_bytes = version == 1 ? 2 : 4, before = fixed + length_bytes;
    const size_t length = bytes.size >= before ? (size_t)layout_get(bytes.data + fixed, length_bytes) : SIZE_MAX;
    if (bytes.size < before || length > bytes.size - before)
        return df_fail(err, "header longer than the %zu bytes there are", bytes.size);
    const char *text = (const char *)bytes.data + before;
    npy_header header = {.size = before + length};
    if (!parse_dictionary((cursor){.next = text, .end = text + length}, &header, err))
        return df_fail_in(err, "header");
    *out = header;
    return true;
}

static bool parse_array(df_bytes bytes, const char *name, df_arena *arena, tensor *out, df_error *err)
{
    npy_header header;
    size_t size;
    if (!npy_parse_header(bytes, &header, err))
        return false;
    if (!find_type(&header, err))
        return df_fail_in(err, "header");
    if (!layout_bytes(header.type, header.rank, header.shape, &size, err))
        return false;
    if (size != bytes.size - header.size)
        return df_fail(err, "%zu bytes of data, expected %zu by type and shape", bytes.size - header.size, size);
    tensor t = {.type = header.type, .rank = header.rank};
    memcpy(t.shape, header.shape, sizeof t.shape);
    t.name = df_copy_string(arena, name, err);
    const unsigned char *data = bytes.data + header.size;
    if (header.is_swapped)
        data = layout_swap(data, size, t.type, arena, err);
    if (!data)
        return false;
    t.data = header.is_fortran && t.rank > 1 ? layout_transpose(&t, data, arena, err) : layout_align(data, size, t.type, arena, err);
    if (!t.name || !t.data)
        return false;
    *out = t;
    return true;
}

bool npy_parse(df_bytes bytes, const char *name, df_arena *arena, tensor *out, df_error *err)
{
    return parse_array(bytes, name, arena, out, err) || df_fail_in(err, "array '%s'", name);
}

bool npy_add_header(df_text *text, const tensor *t, df_error *err)
{
    if (!descriptions[t->type])
        return df_fail(err, "array '%s': NumPy has no type %s", t->name, tensor_type_name(t->type));
    const size_t start = text->size, before = MAGIC_BYTES + VERSION_BYTES + 2;
    df_text_add_bytes(text, "\x93NUMPY\1\0\0\0", before);
    df_text_addf(text, "{'descr': '%s', 'fortran_order': False, 'shape': (", descriptions[t->type]);
    for (int i = 0; i < t->rank; i++) {
        df_text_integer(text, t->shape[i]);
        df_text_add(text, t->rank == 1 ? "," : i + 1 < t->rank ? ", " : "");
    }
    df_text_add(text, "), }");
    while (!text->failed && (text->size - start + 1) % ALIGNMENT != 0)
        df_text_add(text, " ");
    df_text_add(text, "\n");
    if (!df_text_ok(text, err))
        return false;
    const size_t length = text->size - start - before;
    text->data[start + before - 2] = (char)length;
    text->data[start + before - 1] = (char)(length >> 8);
    return true;
}
