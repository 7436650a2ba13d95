/* torch_storage.c: a storage by its persistent id, or out of the bytes of a small legacy file that holds nothing else. */
#include "tensor/torch_storage.h"

#include "base/size.h"

enum { ID_CLASS = 1, ID_KEY = 2, ID_LOCATION = 3, ID_ELEMENTS = 4, ID_VIEW = 5, ID_MOST = 6 };

bool torch_storage_id_read(const pickle_value *storage, torch_storage_id *out, df_error *err)
{
    const pickle_value *id = storage->storage.id;
    pickle_value *const *items = id->list.items;
    const pickle_value *class = items[ID_CLASS];
    if (class->kind != PICKLE_GLOBAL || class->call.name->role != PICKLE_STORAGE_CLASS)
        return df_fail(err, "a storage of no class that holds numbers");
    if (items[ID_KEY]->kind != PICKLE_TEXT || items[ID_LOCATION]->kind != PICKLE_TEXT)
        return df_fail(err, "a storage whose key or location is no text");
    if (items[ID_ELEMENTS]->kind != PICKLE_INTEGER || items[ID_ELEMENTS]->integer < 0)
        return df_fail(err, "a storage without a number of elements");
    if (id->list.count > ID_MOST || (id->list.count == ID_MOST && items[ID_VIEW]->kind != PICKLE_NONE))
        return df_fail(err, "a storage that is a view of another");
    torch_storage_id what = {.type = class->call.name->type, .key = items[ID_KEY]->bytes, .elements = (size_t)items[ID_ELEMENTS]->integer};
    if (!df_size_mul(what.elements, tensor_type_bytes(what.type), &what.bytes))
        return df_fail(err, "a storage of more elements than memory can hold");
    *out = what;
    return true;
}

static bool get_by_id(const torch_storages *storages, const pickle_value *value, torch_storage *out, df_error *err)
{
    torch_storage_id what;
    const unsigned char *data;
    if (!torch_storage_id_read(value, &what, err))
        return false;
    if (!storages->find)
        return df_fail(err, "a storage that lies outside of the file");
    if (!storages->find(storages->file, &what, &data, err))
        return df_fail_in(err, "storage '%.*s'", torch_shown(what.key), (const char *)what.key.data);
    *out = (torch_storage){.type = what.type, .elements = what.elements, .data = data, .is_big_endian = storages->is_big_endian};
    return true;
}

static bool get_from_bytes(const pickle_value *call, df_arena *arena, torch_storage *out, df_error *err)
{
    const pickle_value *arguments = call->call.arguments;
    torch_legacy *legacy;
    if (arguments->list.count != 1 || arguments->list.items[0]->kind != PICKLE_BYTES)
        return df_fail(err, "torch.storage._load_from_bytes: expected bytes");
    if (!torch_legacy_open(arguments->list.items[0]->bytes, arena, &legacy, err))
        return false;
    const pickle_value *object = torch_legacy_object(legacy);
    if (object->kind != PICKLE_STORAGE)
        return df_fail(err, "torch.storage._load_from_bytes: expected a storage");
    const torch_storages storages = torch_legacy_storages(legacy);
    return get_by_id(&storages, object, out, err);
}

bool torch_storage_get(const torch_storages *storages, const pickle_value *value, df_arena *arena, torch_storage *out, df_error *err)
{
    if (value->kind == PICKLE_STORAGE)
        return get_by_id(storages, value, out, err);
    if (value->kind == PICKLE_CALL && value->call.name->role == PICKLE_LOAD_FROM_BYTES)
        return get_from_bytes(value, arena, out, err);
    return df_fail(err, "a tensor of something that is no storage");
}
