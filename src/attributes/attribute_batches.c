/* attribute_batches.c: a batch of the loader, and one more array. */
#include "attributes/attribute_batches.h"

#include "attributes/attribute_data.h"

bool attribute_batches_init(attribute_batches *b, const sample_list *list, batches from, int batch, bool is_weighted, df_arena *arena,
                            df_error *err)
{
    const size_t columns = (size_t)list->label_count;
    *b = (attribute_batches){.from = from, .batch = batch, .columns = list->label_count};
    b->yes = df_alloc(arena, columns, sizeof *b->yes, err);
    b->no = b->yes ? df_alloc(arena, columns, sizeof *b->no, err) : NULL;
    b->counts = b->no ? df_alloc(arena, (size_t)batch * columns, sizeof *b->counts, err) : NULL;
    for (int c = 0; b->counts && c < b->columns; c++) {
        int64_t yes, no;
        const float each = 1 / ((float)batch * (float)columns);
        attribute_count(list, c, &yes, &no);
        b->yes[c] = is_weighted ? each * (float)(yes + no) / (2 * (float)yes) : each;
        b->no[c] = is_weighted ? each * (float)(yes + no) / (2 * (float)no) : each;
    }
    return b->counts != NULL;
}

static bool get(void *self, int64_t step, const float **arrays, df_error *err)
{
    attribute_batches *b = self;
    if (!b->from.get(b->from.self, step, b->arrays, err))
        return false;
    for (int i = 0; i < b->batch; i++)
        for (int c = 0; c < b->columns; c++) {
            const int at = i * b->columns + c;
            b->counts[at] = b->arrays[2][at] * (b->arrays[1][at] > 0.5f ? b->yes[c] : b->no[c]);
        }
    arrays[0] = b->arrays[0];
    arrays[1] = b->arrays[1];
    arrays[2] = b->counts;
    return true;
}

static double waited(const void *self)
{
    const attribute_batches *b = self;
    return b->from.waited ? b->from.waited(b->from.self) : 0;
}

batches attribute_batches_of(attribute_batches *b)
{
    return (batches){.self = b, .get = get, .waited = waited};
}
