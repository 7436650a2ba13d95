/* safetensors_write.c: the header lists the tensors as they come; their data lie by element size, largest first, so that each is
   aligned for its type when the file is mapped. */
#include <string.h>

#include "base/text.h"
#include "tensor/layout.h"
#include "tensor/safetensors.h"

enum { LENGTH_BYTES = 8, ALIGNMENT = 64 };

static const size_t sizes_in_order[] = {8, 4, 2, 1};

static size_t bytes_of(const tensor *t)
{
    return (size_t)tensor_elements(t) * tensor_type_bytes(t->type);
}

/* Where the data of tensor `which` start. */
static size_t place_of(const tensor_list *list, size_t which)
{
    const size_t own = tensor_type_bytes(list->tensors[which].type);
    size_t place = 0;
    for (size_t i = 0; i < list->count; i++) {
        const size_t other = tensor_type_bytes(list->tensors[i].type);
        if (other > own || (other == own && i < which))
            place += bytes_of(&list->tensors[i]);
    }
    return place;
}

static void add_metadata(df_text *text, const tensor_list *list)
{
    df_text_add(text, "\"__metadata__\":{");
    for (size_t i = 0; i < list->metadata_count; i++) {
        df_text_add(text, i ? "," : "");
        df_text_json_string(text, list->metadata[i][0]);
        df_text_add(text, ":");
        df_text_json_string(text, list->metadata[i][1]);
    }
    df_text_add(text, "}");
}

static void add_tensor(df_text *text, const tensor *t, size_t place)
{
    df_text_json_string(text, t->name);
    df_text_addf(text, ":{\"dtype\":\"%s\",\"shape\":[", tensor_type_name(t->type));
    for (int i = 0; i < t->rank; i++) {
        df_text_add(text, i ? "," : "");
        df_text_integer(text, t->shape[i]);
    }
    df_text_addf(text, "],\"data_offsets\":[%zu,%zu]}", place, place + bytes_of(t));
}

/* Length and header, padded with spaces so that what follows is aligned. */
static void add_header(df_text *text, const tensor_list *list)
{
    df_text_add_bytes(text, "\0\0\0\0\0\0\0", LENGTH_BYTES);
    df_text_add(text, "{");
    if (list->metadata_count)
        add_metadata(text, list);
    for (size_t i = 0; i < list->count; i++) {
        df_text_add(text, i || list->metadata_count ? "," : "");
        add_tensor(text, &list->tensors[i], place_of(list, i));
    }
    df_text_add(text, "}");
    while (!text->failed && text->size % ALIGNMENT != 0)
        df_text_add(text, " ");
    const size_t size = text->size - LENGTH_BYTES;
    for (size_t i = 0; !text->failed && i < LENGTH_BYTES; i++)
        text->data[i] = (char)(size >> 8 * i);
}

static bool put_all(df_writer *writer, const df_text *header, const tensor_list *list, df_error *err)
{
    if (!df_writer_put(writer, header->data, header->size, err))
        return false;
    for (size_t s = 0; s < DF_ARRAY_LEN(sizes_in_order); s++)
        for (size_t i = 0; i < list->count; i++) {
            const tensor *t = &list->tensors[i];
            if (tensor_type_bytes(t->type) == sizes_in_order[s] && !df_writer_put(writer, t->data, bytes_of(t), err))
                return false;
        }
    return true;
}

bool safetensors_write(const char *path, const tensor_list *list, df_error *err)
{
    df_text header = {0};
    bool ok = false;
    add_header(&header, list);
    df_writer *writer = NULL;
    if (!df_text_ok(&header, err) || !layout_check_names(list, err)) {
        df_fail_in(err, "%s", path);
        goto done;
    }
    writer = df_writer_open(path, err);
    if (!writer)
        goto done;
    if (!put_all(writer, &header, list, err))
        goto done;
    ok = df_writer_commit(writer, err);
    writer = NULL;
done:
    df_writer_abandon(writer);
    df_text_free(&header);
    return ok;
}
