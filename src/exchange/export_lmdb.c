/* export_lmdb.c: an LMDB environment with the keys that readers of images in LMDB agree on: num-samples, image-000000001,
   label-000000001 and so on from 1, and beside these meta-000000001, the line of the manifest. Numbers are decimal text. Written in
   transactions of some megabytes; before each the map is made large enough for it, so that none fails for want of room. */
#include <errno.h>
#include <lmdb.h>
#include <stdio.h>
#include <string.h>

#include "exchange/export_rows.h"
#include "base/file.h"

enum {
    BATCH = 32 << 20,       /* bytes of pages that a transaction changes, about */
    TREE_PAGES = 8,         /* changed or made for one value beside its own, at most: a path down the tree and its splits */
    VALUES = 3,             /* of an image */
    KEY = 24,               /* bytes of a key with its end */
    MOST_IMAGES = 999999999 /* nine digits */
};

typedef struct lmdb {
    const export_context *context;
    MDB_env *env;
    MDB_txn *txn; /* NULL: none is open */
    MDB_dbi table;
    size_t page, room, used; /* bytes: of a page; of pages that the open transaction may change, and did at most */
} lmdb;

/* LMDB calls a write that came short an input/output error. */
static bool failed(const lmdb *to, int code, const char *what, df_error *err)
{
    return df_fail(err, "%s: LMDB cannot %s: %s%s", to->context->setting->out, what, mdb_strerror(code),
                   code == EIO ? " (perhaps the disk is full)" : "");
}

static void close_lmdb(void *state)
{
    lmdb *to = state;
    if (to->txn)
        mdb_txn_abort(to->txn);
    mdb_env_close(to->env);
}

/* ---- transactions ---- */

/* Makes the map large enough for `wanted` more bytes of pages. It is address space, not memory or disk. */
static bool grow(lmdb *to, size_t wanted, df_error *err)
{
    MDB_envinfo info;
    int code = mdb_env_info(to->env, &info);
    if (code != 0)
        return failed(to, code, "ask for its size", err);
    const size_t need = (info.me_last_pgno + 1) * to->page + wanted;
    if (need <= info.me_mapsize)
        return true;
    code = mdb_env_set_mapsize(to->env, need + need / 2);
    return code == 0 || failed(to, code, "grow", err);
}

static bool commit(lmdb *to, df_error *err)
{
    MDB_txn *txn = to->txn;
    to->txn = NULL;
    const int code = txn ? mdb_txn_commit(txn) : 0;
    return code == 0 || failed(to, code, "write", err);
}

/* A transaction with room for `wanted` bytes of pages. */
static bool prepare(lmdb *to, size_t wanted, df_error *err)
{
    if (to->txn && to->used + wanted <= to->room)
        return true;
    to->room = wanted > BATCH ? wanted : BATCH;
    to->used = 0;
    if (!commit(to, err) || !grow(to, 2 * to->room, err)) /* twice: pages that the transaction frees are free only after it */
        return false;
    const int code = mdb_txn_begin(to->env, NULL, 0, &to->txn);
    if (code == 0)
        return true;
    to->txn = NULL;
    return failed(to, code, "begin", err);
}

static bool put_value(lmdb *to, const char *name, int64_t number, df_bytes value, df_error *err)
{
    char text[KEY];
    const int length =
        number > 0 ? snprintf(text, sizeof text, "%s-%09lld", name, (long long)number) : snprintf(text, sizeof text, "%s", name);
    unsigned char *bytes;
    memcpy(&bytes, &value.data, sizeof bytes); /* LMDB's struct has no const; it only reads */
    MDB_val key = {.mv_size = (size_t)length, .mv_data = text}, data = {.mv_size = value.size, .mv_data = bytes};
    to->used += (value.size / to->page + 1 + TREE_PAGES) * to->page;
    const int code = mdb_put(to->txn, to->table, &key, &data, 0);
    return code == 0 || failed(to, code, "put a value", err);
}

static bool put_number(lmdb *to, const char *name, int64_t number, int64_t value, df_error *err)
{
    char text[KEY];
    const int length = snprintf(text, sizeof text, "%lld", (long long)value);
    return put_value(to, name, number, (df_bytes){(const unsigned char *)text, (size_t)length}, err);
}

/* ---- the export ---- */

static bool open_table(lmdb *to, df_error *err)
{
    MDB_stat stat;
    int code = mdb_env_create(&to->env);
    if (code != 0)
        return failed(to, code, "open", err);
    /* Nobody else sees the folder before it is whole: no lock file, one sync at the end. */
    if ((code = mdb_env_open(to->env, to->context->place, MDB_NOLOCK | MDB_NOSYNC, 0666)) != 0 ||
        (code = mdb_env_stat(to->env, &stat)) != 0)
        return failed(to, code, "open", err);
    to->page = stat.ms_psize;
    if (!prepare(to, 0, err))
        return false;
    code = mdb_dbi_open(to->txn, NULL, 0, &to->table);
    return code == 0 || failed(to, code, "open", err);
}

static void *open_lmdb(const export_context *context, df_error *err)
{
    lmdb *to = df_alloc(context->arena, 1, sizeof *to, err);
    if (!to || !df_make_folders(context->place, err))
        return NULL;
    if (context->set->images > MOST_IMAGES) {
        df_fail(err, "%s: %lld images, keys have room for %d", context->set->folder, (long long)context->set->images, MOST_IMAGES);
        return NULL;
    }
    to->context = context;
    if (open_table(to, err))
        return to;
    close_lmdb(to);
    return NULL;
}

static bool put_lmdb(void *state, export_sample *sample, df_error *err)
{
    lmdb *to = state;
    const int64_t number = export_sample_number(sample) + 1;
    const char *ending;
    df_bytes file, line;
    if (!export_sample_image(sample, to->context->setting->size, &file, &ending, err))
        return false;
    line.data = (const unsigned char *)export_sample_text(sample, &line.size);
    const size_t pages = file.size / to->page + line.size / to->page + VALUES * (1 + TREE_PAGES);
    return prepare(to, pages * to->page, err) && put_value(to, "image", number, file, err) &&
           put_number(to, "label", number, export_sample_person(sample), err) && put_value(to, "meta", number, line, err);
}

static bool finish_lmdb(void *state, df_error *err)
{
    lmdb *to = state;
    if (!prepare(to, 2 * (1 + TREE_PAGES) * to->page, err) || !put_number(to, "num-samples", 0, to->context->set->images, err) ||
        !put_number(to, "num-classes", 0, to->context->set->identities, err) || !commit(to, err))
        return false;
    const int code = mdb_env_sync(to->env, 1);
    return code == 0 || failed(to, code, "write", err);
}

const export_row export_lmdb_row = {
    .name = "lmdb",
    .summary = "an LMDB folder: image-000000001, label-000000001, meta-000000001 ...",
    .form = EXPORT_FOLDER,
    .takes = EXPORT_SIZE | EXPORT_SPLIT,
    .open = open_lmdb,
    .put = put_lmdb,
    .finish = finish_lmdb,
    .close = close_lmdb,
};
