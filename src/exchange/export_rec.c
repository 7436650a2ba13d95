/* export_rec.c: what insightface's trainers read (deepinsight/insightface, recognition; packed as its face2rec2.py does): train.rec with
   train.idx, train.lst and property. Records 1 to N are the images with the identity's number as label. After them come record 0, whose
   labels say N + 1 and the end of all, and from N + 1 on one record for each run of images of one identity: its first and the one after
   its last. The runs wait in a spool. */
#include "base/spool.h"
#include "base/text.h"
#include "exchange/export_files.h"
#include "exchange/export_rows.h"
#include "exchange/export_square.h"
#include "exchange/recordio.h"

enum {
    USUAL_SIZE = 112,
    MOST_RECORDS = 1 << 24, /* numbers are written as float, which is exact up to here */
};

typedef struct run {
    int64_t first, end; /* numbers of records */
} run;

typedef struct rec {
    const export_context *context;
    export_files files;
    export_square form;
    recordio records;
    df_writer *index, *list;
    df_spool *runs;
    run current;
    int64_t person;    /* of the current run, -1: none yet */
    df_arena *scratch; /* of records without an image */
    df_text text;
} rec;

static void close_rec(void *state)
{
    rec *to = state;
    df_writer_abandon(to->records.file);
    df_writer_abandon(to->index);
    df_writer_abandon(to->list);
    df_spool_close(to->runs);
    df_arena_free(to->scratch);
    df_text_free(&to->text);
}

static bool open_files(rec *to, df_error *err)
{
    return (to->records.file = export_files_open(&to->files, "train.rec", err)) &&
           (to->index = export_files_open(&to->files, "train.idx", err)) && (to->list = export_files_open(&to->files, "train.lst", err)) &&
           (to->runs = df_spool_open(to->context->place, err)) && (to->scratch = df_arena_new(1 << 16, err));
}

static void *open_rec(const export_context *context, df_error *err)
{
    rec *to = df_alloc(context->arena, 1, sizeof *to, err);
    if (!to || !export_square_open(context, USUAL_SIZE, &to->form, err) || !df_make_folders(context->place, err))
        return NULL;
    to->context = context;
    to->files.top = context->place;
    to->person = -1;
    if (open_files(to, err))
        return to;
    close_rec(to);
    return NULL;
}

/* A record and its line of the index. */
static bool put_record(rec *to, int64_t number, const float *labels, uint32_t label_count, df_bytes file, df_arena *scratch, df_error *err)
{
    uint64_t place;
    if (number >= MOST_RECORDS)
        return df_fail(err,
                       "more than %d images and identities: the format holds their numbers as float; export splits or subsets one by one",
                       MOST_RECORDS);
    if (!recordio_put(&to->records, (uint64_t)number, labels, label_count, file, scratch, &place, err))
        return false;
    df_text_clear(&to->text);
    df_text_addf(&to->text, "%lld\t%llu\n", (long long)number, (unsigned long long)place);
    return df_text_ok(&to->text, err) && df_writer_put(to->index, to->text.data, to->text.size, err);
}

/* Ends the run before, if there is one. */
static bool begin_run(rec *to, int64_t class, int64_t number, df_error *err)
{
    to->current.end = number;
    if (to->person >= 0 && !df_spool_put(to->runs, &to->current, sizeof to->current, err))
        return false;
    to->current.first = number;
    to->person = class;
    return true;
}

/* As MXNet's im2rec has it: number, label, path. */
static bool put_line(rec *to, const manifest_entry *entry, int64_t number, int64_t class, df_error *err)
{
    df_text_clear(&to->text);
    df_text_addf(&to->text, "%lld\t%lld\t%s\n", (long long)number, (long long)class, entry->image);
    return df_text_ok(&to->text, err) && df_writer_put(to->list, to->text.data, to->text.size, err);
}

static bool put_rec(void *state, export_sample *sample, df_error *err)
{
    rec *to = state;
    const int64_t number = export_sample_number(sample) + 1, class = export_sample_person(sample);
    const float label = (float)class;
    df_bytes file;
    if (class != to->person && !begin_run(to, class, number, err))
        return false;
    return export_square_png(&to->form, sample, &file, err) &&
           put_record(to, number, &label, 1, file, export_sample_scratch(sample), err) &&
           put_line(to, export_sample_entry(sample), number, class, err);
}

static bool put_pair(rec *to, int64_t number, int64_t first, int64_t second, df_error *err)
{
    const float labels[] = {(float)first, (float)second};
    df_arena_reset(to->scratch);
    return put_record(to, number, labels, 2, (df_bytes){0}, to->scratch, err);
}

static bool put_runs(rec *to, int64_t end, df_error *err)
{
    const int64_t count = (int64_t)(df_spool_size(to->runs) / sizeof(run));
    if (!put_pair(to, 0, end, end + count, err))
        return false;
    for (int64_t i = 0; i < count; i++) {
        run one;
        if (!df_spool_read(to->runs, (size_t)i * sizeof one, &one, sizeof one, err) || !put_pair(to, end + i, one.first, one.end, err))
            return false;
    }
    return true;
}

static bool commit(df_writer **file, df_error *err)
{
    df_writer *whole = *file;
    *file = NULL;
    return df_writer_commit(whole, err);
}

static bool put_property(rec *to, df_error *err)
{
    df_text_clear(&to->text);
    df_text_addf(&to->text, "%lld,%d,%d\n", (long long)to->context->set->identities, to->form.size, to->form.size);
    return df_text_ok(&to->text, err) &&
           export_files_put(&to->files, "property", (df_bytes){(const unsigned char *)to->text.data, to->text.size}, err);
}

static bool finish_rec(void *state, df_error *err)
{
    rec *to = state;
    const int64_t end = to->context->set->images + 1;
    return begin_run(to, -1, end, err) && put_runs(to, end, err) && put_property(to, err) && commit(&to->records.file, err) &&
           commit(&to->index, err) && commit(&to->list, err);
}

const export_row export_rec_row = {
    .name = "rec",
    .summary = "train.rec, .idx, .lst and property, as insightface's trainers read",
    .form = EXPORT_FOLDER,
    .takes = EXPORT_SIZE | EXPORT_SPLIT,
    .open = open_rec,
    .put = put_rec,
    .finish = finish_rec,
    .close = close_rec,
};
