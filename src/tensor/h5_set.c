/* h5_set.c: type, shape and storage of a data set, looked at in this order before anything is read. */
#include "tensor/h5_set.h"

#include <hdf5.h>
#include <string.h>

#include "base/size.h"
#include "tensor/h5_file.h"
#include "tensor/layout.h"

enum { LARGEST_CHUNK = 64 << 20 };

/* h5py's truth values: an enumeration of FALSE and TRUE on one byte. */
static bool is_truth(hid_t type)
{
    char names[2][8] = {"", ""};
    return H5Tget_size(type) == 1 && H5Tget_nmembers(type) == 2 && H5Tenum_nameof(type, &(int8_t){0}, names[0], sizeof names[0]) >= 0 &&
           H5Tenum_nameof(type, &(int8_t){1}, names[1], sizeof names[1]) >= 0 && strcmp(names[0], "FALSE") == 0 &&
           strcmp(names[1], "TRUE") == 0;
}

static bool choose_integer(h5_set *s)
{
    const struct {
        size_t bytes;
        tensor_type with_sign, without;
        hid_t memory[2];
    } rows[] = {{1, TENSOR_I8, TENSOR_U8, {H5T_NATIVE_INT8, H5T_NATIVE_UINT8}},
                {2, TENSOR_I16, TENSOR_U16, {H5T_NATIVE_INT16, H5T_NATIVE_UINT16}},
                {4, TENSOR_I32, TENSOR_U32, {H5T_NATIVE_INT32, H5T_NATIVE_UINT32}},
                {8, TENSOR_I64, TENSOR_U64, {H5T_NATIVE_INT64, H5T_NATIVE_UINT64}}};
    const bool has_sign = H5Tget_sign(s->type) == H5T_SGN_2;
    for (size_t i = 0; i < DF_ARRAY_LEN(rows); i++)
        if (H5Tget_size(s->type) == rows[i].bytes) {
            s->array.type = has_sign ? rows[i].with_sign : rows[i].without;
            s->memory_type = H5Tcopy(rows[i].memory[has_sign ? 0 : 1]);
            return true;
        }
    return false;
}

static hid_t half_type(void)
{
    const hid_t type = H5Tcopy(H5T_IEEE_F32LE);
    if (type >= 0 && (H5Tset_fields(type, 15, 10, 5, 0, 10) < 0 || H5Tset_size(type, 2) < 0 || H5Tset_ebias(type, 15) < 0)) {
        H5Tclose(type);
        return H5I_INVALID_HID;
    }
    return type;
}

static bool choose_float(h5_set *s)
{
    size_t sign, exponent, exponent_bits, mantissa, mantissa_bits;
    if (H5Tget_fields(s->type, &sign, &exponent, &exponent_bits, &mantissa, &mantissa_bits) < 0)
        return false;
    const size_t bytes = H5Tget_size(s->type);
    if (bytes == 8 && exponent_bits == 11) {
        s->array.type = TENSOR_F64;
        s->memory_type = H5Tcopy(H5T_NATIVE_DOUBLE);
    } else if (bytes == 4 && exponent_bits == 8) {
        s->array.type = TENSOR_F32;
        s->memory_type = H5Tcopy(H5T_NATIVE_FLOAT);
    } else if (bytes == 2 && exponent_bits == 5) {
        s->array.type = TENSOR_F16;
        s->memory_type = half_type();
    } else {
        return false;
    }
    return true;
}

/* Sets the tensor's type and the library's in memory; false for what is skipped. */
static bool choose_type(h5_set *s)
{
    switch ((int)H5Tget_class(s->type)) {
    case H5T_INTEGER:
        return choose_integer(s);
    case H5T_FLOAT:
        return choose_float(s);
    case H5T_ENUM:
        s->array.type = TENSOR_BOOL;
        s->memory_type = is_truth(s->type) ? H5Tcopy(s->type) : H5I_INVALID_HID;
        return s->memory_type >= 0;
    case H5T_STRING:
        s->array.type = TENSOR_U8;
        s->is_text = H5Tis_variable_str(s->type) == 0;
        s->memory_type = s->is_text ? H5Tcopy(s->type) : H5I_INVALID_HID;
        return s->is_text;
    default: /* of the library's classes: compounds, references, opaque bytes */
        return false;
    }
}

/* Rank, shape and bytes. A text is one string. */
static bool read_shape(h5_set *s, df_error *err)
{
    hsize_t shape[H5S_MAX_RANK];
    const int rank = H5Sget_simple_extent_ndims(s->space);
    const H5S_class_t kind = H5Sget_simple_extent_type(s->space);
    if (kind == H5S_NULL) {
        s->is_skipped = true;
        return true;
    }
    if (rank < 0 || H5Sget_simple_extent_dims(s->space, shape, NULL) < 0)
        return h5_fail(err, "cannot read its shape");
    if (rank > TENSOR_MAX_RANK)
        return df_fail(err, "%d dimensions, expected at most %d", rank, TENSOR_MAX_RANK);
    s->array.rank = rank;
    for (int i = 0; i < rank; i++) {
        if (shape[i] > INT64_MAX)
            return df_fail(err, "more elements than memory can hold");
        s->array.shape[i] = (int64_t)shape[i];
    }
    if (s->is_text && tensor_elements(&s->array) != 1)
        s->is_skipped = true;
    else if (s->is_text)
        s->array = (tensor){.type = TENSOR_U8, .rank = 1, .shape = {(int64_t)H5Tget_size(s->type)}};
    return layout_bytes(s->array.type, s->array.rank, s->array.shape, &s->bytes, err);
}

static bool check_filters(hid_t plan, df_error *err)
{
    const int count = H5Pget_nfilters(plan);
    if (count < 0)
        return h5_fail(err, "cannot read its filters");
    for (int i = 0; i < count; i++) {
        unsigned flags;
        size_t values = 0;
        const H5Z_filter_t filter = H5Pget_filter2(plan, (unsigned)i, &flags, &values, NULL, 0, NULL, NULL);
        if (filter != H5Z_FILTER_DEFLATE && filter != H5Z_FILTER_SHUFFLE && filter != H5Z_FILTER_FLETCHER32)
            return df_fail(err, "filter %d, expected deflate, shuffle or Fletcher32", (int)filter);
    }
    return true;
}

static bool check_chunks(hid_t plan, size_t element, df_error *err)
{
    hsize_t shape[H5S_MAX_RANK];
    const int rank = H5Pget_chunk(plan, H5S_MAX_RANK, shape);
    size_t bytes = element;
    if (rank < 0)
        return h5_fail(err, "cannot read its chunks");
    for (int i = 0; i < rank && i < H5S_MAX_RANK; i++)
        if (!df_size_mul(bytes, (size_t)shape[i], &bytes) || bytes > LARGEST_CHUNK)
            return df_fail(err, "chunks of more than %d bytes", LARGEST_CHUNK);
    return true;
}

/* Where its bytes lie and how they are packed. */
static bool check_plan(const h5_set *s, hid_t plan, df_error *err)
{
    const H5D_layout_t layout = H5Pget_layout(plan);
    if (layout == H5D_VIRTUAL)
        return df_fail(err, "is a virtual data set, expected its own data");
    if (layout != H5D_COMPACT && layout != H5D_CONTIGUOUS && layout != H5D_CHUNKED)
        return h5_fail(err, "is stored in no known layout");
    if (layout == H5D_CONTIGUOUS && H5Pget_external_count(plan) != 0)
        return df_fail(err, "its data lie in another file");
    if (!check_filters(plan, err) || (layout == H5D_CHUNKED && !check_chunks(plan, H5Tget_size(s->type), err)))
        return false;
    if (s->bytes > 0 && H5Dget_storage_size(s->set) == 0)
        return df_fail(err, "has a shape but nothing is stored");
    return true;
}

static bool check_storage(const h5_set *s, df_error *err)
{
    const hid_t plan = H5Dget_create_plist(s->set);
    if (plan < 0)
        return h5_fail(err, "cannot read how it is stored");
    const bool ok = check_plan(s, plan, err);
    H5Pclose(plan);
    return ok;
}

static bool look_at(h5_set *s, df_error *err)
{
    s->type = H5Dget_type(s->set);
    s->space = H5Dget_space(s->set);
    if (s->type < 0 || s->space < 0)
        return h5_fail(err, "cannot read its type and shape");
    s->is_skipped = !choose_type(s);
    if (!s->is_skipped && s->memory_type < 0)
        return h5_fail(err, "cannot convert its type");
    return read_shape(s, err) && check_storage(s, err);
}

bool h5_set_open(int64_t object, h5_set *out, df_error *err)
{
    h5_set set = {.set = object, .type = H5I_INVALID_HID, .space = H5I_INVALID_HID, .memory_type = H5I_INVALID_HID};
    if (!look_at(&set, err)) {
        h5_set_close(&set);
        return false;
    }
    *out = set;
    return true;
}

void h5_set_close(h5_set *s)
{
    if (s->type >= 0)
        H5Tclose(s->type);
    if (s->space >= 0)
        H5Sclose(s->space);
    if (s->memory_type >= 0)
        H5Tclose(s->memory_type);
}

static bool check_truth(const h5_set *s, const unsigned char *data, df_error *err)
{
    for (size_t i = 0; s->array.type == TENSOR_BOOL && i < s->bytes; i++)
        if (data[i] > 1)
            return df_fail(err, "element %zu is %u, neither false nor true", i, data[i]);
    return true;
}

bool h5_set_read(const h5_set *s, void *data, df_error *err)
{
    if (s->bytes > 0 && H5Dread(s->set, s->memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) < 0)
        return h5_fail(err, "cannot be read");
    return check_truth(s, data, err);
}
