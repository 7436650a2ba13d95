/* model_read.c: checked access to the tensors and names of a model's file. */
#include "face/model_read.h"

#include <math.h>
#include <string.h>

#include "base/json.h"

bool model_floats(const model_reader *reader, const char *name, int rank, const int64_t *shape, const float **out)
{
    const tensor *found = tensor_expect(&reader->list, name, TENSOR_F32, rank, shape, reader->err);
    if (!found)
        return false;
    const float *values = found->data;
    const int64_t count = tensor_elements(found);
    for (int64_t i = 0; i < count; i++)
        if (!isfinite(values[i]))
            return df_fail(reader->err, "tensor '%s': number %lld is not finite", name, (long long)i);
    *out = values;
    return true;
}

bool model_indices(const model_reader *reader, const char *name, int rank, const int64_t *shape, int64_t low, int64_t high,
                   const int32_t **out)
{
    const tensor *found = tensor_expect(&reader->list, name, TENSOR_I32, rank, shape, reader->err);
    if (!found)
        return false;
    const int32_t *values = found->data;
    const int64_t count = tensor_elements(found);
    for (int64_t i = 0; i < count; i++)
        if (values[i] < low || values[i] > high)
            return df_fail(reader->err, "tensor '%s': number %lld is %d, expected %lld to %lld", name, (long long)i, (int)values[i],
                           (long long)low, (long long)high);
    *out = values;
    return true;
}

bool model_bytes(const model_reader *reader, const char *name, int rank, const int64_t *shape, int low, int high, const uint8_t **out)
{
    const tensor *found = tensor_expect(&reader->list, name, TENSOR_U8, rank, shape, reader->err);
    if (!found)
        return false;
    const uint8_t *values = found->data;
    const int64_t count = tensor_elements(found);
    for (int64_t i = 0; i < count; i++)
        if (values[i] < low || values[i] > high)
            return df_fail(reader->err, "tensor '%s': number %lld is %d, expected %d to %d", name, (long long)i, values[i], low, high);
    *out = values;
    return true;
}

bool model_name(const model_reader *reader, const char *place, const char *text, char out[FACE_NAME])
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    const size_t length = text ? strspn(text, allowed) : 0;
    if (length == 0 || length >= FACE_NAME || text[length] != '\0')
        return df_fail(reader->err, "%s: expected a name of 1 to %d letters, digits, '.', '_' and '-'", place, FACE_NAME - 1);
    memcpy(out, text, length + 1);
    return true;
}

json_t *model_array(const model_reader *reader, const char *key, size_t most)
{
    const char *text = tensor_metadata(&reader->list, key);
    if (!text) {
        df_fail(reader->err, "metadata has no '%s'", key);
        return NULL;
    }
    json_t *array = df_json_parse(text, strlen(text), reader->err);
    if (!array) {
        df_fail_in(reader->err, "metadata '%s'", key);
        return NULL;
    }
    if (!json_is_array(array) || json_array_size(array) > most) {
        df_fail(reader->err, "metadata '%s': expected an array of at most %zu members", key, most);
        json_decref(array);
        return NULL;
    }
    return array;
}

int64_t model_dimension(const model_reader *reader, const char *name, int axis)
{
    const tensor *found = tensor_find(&reader->list, name);
    return found && found->rank > axis ? found->shape[axis] : 0;
}
