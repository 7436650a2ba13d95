/* export_pairs.c: verification as in Labeled Faces in the Wild (Huang, Ramesh, Berg and Learned-Miller, 2007): NAME/NAME_0001.png and
   pairs.txt, whose ten folds have no person in common. Beside it a list for each group of people, pairs_GENDER_ETHNICITY.txt: in it those
   who differ are of one group too, which is what rates by group are measured with.

   Memory: that of pair_choice.h, twice where there are groups. What pairs are written with waits on the disk. */
#include <stdio.h>
#include <string.h>

#include "base/spool.h"
#include "base/text.h"
#include "exchange/export_files.h"
#include "exchange/export_people.h"
#include "exchange/export_rows.h"
#include "exchange/pair_choice.h"

enum { USUAL_PAIRS = 3000, MOST_GROUPS = 64, GROUP_NAME = 2 * FACE_NAME + 16 };

/* An image as pairs name it. */
typedef struct paired_image {
    char name[PERSON_ID];
    int64_t number; /* of its person, from 1 */
} paired_image;

/* People among whom pairs are chosen. */
typedef struct pair_group {
    char file[GROUP_NAME]; /* "pairs.txt" */
    export_people people;
    pair_choice *choice;
    df_spool *images; /* paired_image each */
} pair_group;

typedef struct pairs {
    const export_context *context;
    export_files files;
    pair_group all;
    pair_group groups[MOST_GROUPS]; /* in order of appearance */
    int group_count;
    df_text line;
} pairs;

/* ---- groups ---- */

static void close_group(pair_group *group)
{
    export_people_free(&group->people);
    pair_choice_free(group->choice);
    df_spool_close(group->images);
}

static bool open_group(const pairs *to, const char *file, pair_group *out, df_error *err)
{
    pair_group group = {.choice = pair_choice_new(err)};
    snprintf(group.file, sizeof group.file, "%s", file);
    group.images = group.choice ? df_spool_open(to->context->place, err) : NULL;
    if (!group.images) {
        close_group(&group);
        return false;
    }
    *out = group;
    return true;
}

static bool add_to_group(pair_group *group, const manifest_entry *entry, df_error *err)
{
    paired_image record = {.number = entry->index + 1};
    snprintf(record.name, sizeof record.name, "%s", entry->identity);
    const export_person *who = export_people_find(&group->people, entry->identity, err);
    return who && pair_choice_add(group->choice, who->number, err) && df_spool_put(group->images, &record, sizeof record, err);
}

/* "pairs_female_asian.txt"; what a file's name should not have becomes '-'. */
static void name_group(const manifest_entry *entry, char out[GROUP_NAME])
{
    snprintf(out, GROUP_NAME, "pairs_%s%s%s.txt", entry->gender, entry->gender[0] && entry->ethnicity[0] ? "_" : "", entry->ethnicity);
    for (char *c = out; *c; c++)
        if (*c == '/' || (unsigned char)*c <= ' ')
            *c = '-';
}

/* The group of an image, made where it is the first; NULL without an error where nothing is known of it or there are too many. */
static pair_group *group_of(pairs *to, const manifest_entry *entry, df_error *err)
{
    char file[GROUP_NAME];
    if (entry->gender[0] == '\0' && entry->ethnicity[0] == '\0')
        return NULL;
    name_group(entry, file);
    for (int g = 0; g < to->group_count; g++)
        if (strcmp(to->groups[g].file, file) == 0)
            return &to->groups[g];
    if (to->group_count == MOST_GROUPS) {
        df_fail(err, "%s: is of another group than the %d before, expected at most %d by gender and ethnicity", entry->image, MOST_GROUPS,
                MOST_GROUPS);
        return NULL;
    }
    pair_group *group = &to->groups[to->group_count];
    to->group_count += open_group(to, file, group, err);
    return group->choice ? group : NULL;
}

/* ---- images ---- */

static void close_pairs(void *state)
{
    pairs *to = state;
    close_group(&to->all);
    for (int g = 0; g < to->group_count; g++)
        close_group(&to->groups[g]);
    df_text_free(&to->line);
}

static void *open_pairs(const export_context *context, df_error *err)
{
    pairs *to = df_alloc(context->arena, 1, sizeof *to, err);
    if (!to || !df_make_folders(context->place, err))
        return NULL;
    to->context = context;
    to->files.top = context->place;
    return open_group(to, "pairs.txt", &to->all, err) ? to : NULL;
}

static bool put_pairs(void *state, export_sample *sample, df_error *err)
{
    pairs *to = state;
    const manifest_entry *entry = export_sample_entry(sample);
    const char *ending;
    char name[EXPORT_NAME];
    df_bytes file;
    df_error problem = {0};
    if (!export_sample_image(sample, to->context->setting->size, &file, &ending, err))
        return false;
    snprintf(name, sizeof name, "%s/%s_%04lld%s", entry->identity, entry->identity, (long long)entry->index + 1, ending);
    if (!export_files_put(&to->files, name, file, err) || !add_to_group(&to->all, entry, err))
        return false;
    pair_group *group = group_of(to, entry, &problem);
    if (problem.text[0] != '\0')
        return df_fail(err, "%s", problem.text);
    return !group || add_to_group(group, entry, err);
}

/* ---- lists ---- */

/* "NAME\t1\t4" of one person, "NAME\t1\tOTHER\t2" of two. */
static bool write_pair(pairs *to, pair_group *group, const image_pair *pair, df_writer *writer, df_error *err)
{
    paired_image a, b;
    if (!df_spool_read(group->images, (size_t)pair->a * sizeof a, &a, sizeof a, err) ||
        !df_spool_read(group->images, (size_t)pair->b * sizeof b, &b, sizeof b, err))
        return false;
    df_text_clear(&to->line);
    df_text_addf(&to->line, "%s\t%lld\t", a.name, (long long)a.number);
    if (!pair->is_same)
        df_text_addf(&to->line, "%s\t", b.name);
    df_text_addf(&to->line, "%lld\n", (long long)b.number);
    return df_text_ok(&to->line, err) && df_writer_put(writer, to->line.data, to->line.size, err);
}

static bool write_pairs(pairs *to, pair_group *group, const image_pair *chosen, int64_t each, df_writer *writer, df_error *err)
{
    df_text_clear(&to->line);
    df_text_addf(&to->line, "%d\t%lld\n", PAIR_FOLDS, (long long)each / PAIR_FOLDS);
    if (!df_text_ok(&to->line, err) || !df_writer_put(writer, to->line.data, to->line.size, err))
        return false;
    for (int64_t i = 0; i < 2 * each; i++)
        if (!write_pair(to, group, &chosen[i], writer, err))
            return false;
    return true;
}

static bool write_list(pairs *to, pair_group *group, int64_t each, df_error *err)
{
    image_pair *chosen;
    const df_arena_mark mark = df_arena_save(to->context->arena);
    if (!pair_choice_make(group->choice, each, to->context->setting->seed, to->context->arena, &chosen, err))
        return df_fail_in(err, "%s", group->file);
    df_writer *writer = export_files_open(&to->files, group->file, err);
    const bool is_good = writer && write_pairs(to, group, chosen, each, writer, err);
    df_arena_restore(to->context->arena, mark);
    if (is_good)
        return df_writer_commit(writer, err);
    df_writer_abandon(writer);
    return false;
}

/* As many pairs as were asked for; of a group, and where nothing was asked for, as many as there are up to that. */
static bool finish_group(pairs *to, pair_group *group, bool is_exact, df_error *err)
{
    const int64_t asked = to->context->setting->pairs, wanted = asked > 0 ? asked : USUAL_PAIRS;
    int64_t most;
    if (is_exact && asked > 0)
        return write_list(to, group, asked, err);
    if (!pair_choice_most(group->choice, to->context->setting->seed, to->context->arena, &most, err))
        return false;
    if (most < wanted)
        df_progress_note(to->context->progress,
                         "%s: %s%lld pairs of each kind instead of %lld: ten folds without a common person have no more", group->file,
                         most == 0 ? "is not written, " : "", (long long)most, (long long)wanted);
    if (most == 0 && !is_exact)
        return true;
    return write_list(to, group, most == 0 ? PAIR_FOLDS : most < wanted ? most : wanted, err); /* of none the failure says why */
}

static bool finish_pairs(void *state, df_error *err)
{
    pairs *to = state;
    bool is_good = finish_group(to, &to->all, true, err);
    for (int g = 0; is_good && g < to->group_count; g++)
        is_good = finish_group(to, &to->groups[g], false, err);
    return is_good;
}

const export_row export_pairs_row = {
    .name = "pairs",
    .summary = "images and pairs.txt as in Labeled Faces in the Wild",
    .form = EXPORT_FOLDER,
    .takes = EXPORT_SIZE | EXPORT_PAIRS | EXPORT_SPLIT | EXPORT_SEED,
    .open = open_pairs,
    .put = put_pairs,
    .finish = finish_pairs,
    .close = close_pairs,
};
