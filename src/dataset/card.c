/* card.c: the words of the publisher, and the two files. */
#include "dataset/card.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/stop.h"
#include "dataset/card_facts.h"
#include "dataset/croissant.h"
#include "dataset/shard_path.h"

enum { WORDS_LIMIT = 1 << 20, CARD_ARENA = 64 << 20 };

const char *const card_word_names[CARD_WORD_COUNT] = {
#define CARD_WORD_NAME(ID, NAME, HELP) [CARD_##ID] = NAME,
    CARD_WORDS(CARD_WORD_NAME)
#undef CARD_WORD_NAME
};

/* ---- words ---- */

static bool is_url(const char *text)
{
    const char *colon = strchr(text, ':');
    return colon && colon > text &&
           strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.") == (size_t)(colon - text) &&
           strpbrk(text, " \"<>\\^`{|}") == NULL;
}

static bool is_date(const char *text)
{
    return strlen(text) == strlen("YYYY-MM-DD") && croissant_is_date(text);
}

/* Three numbers with points between them. */
static bool is_version(const char *text)
{
    for (int part = 0; part < 3; part++) {
        const size_t length = strspn(text, "0123456789");
        if (length == 0 || length > 9 || text[length] != (part < 2 ? '.' : '\0'))
            return false;
        text += length + 1;
    }
    return true;
}

/* UTF-8 in one line. */
static bool is_line(const char *text)
{
    for (size_t length; *text; text += length)
        if ((length = df_utf8_length(text)) == 0 || (unsigned char)*text < ' ' || *text == 0x7F)
            return false;
    return true;
}

bool card_word_check(card_word word, const char *text, df_error *err)
{
    const char *name = card_word_names[word];
    if (text[0] == '\0' || strlen(text) >= CARD_TEXT || !is_line(text))
        return df_fail(err, "--%s: expected a line of 1 to %d bytes of UTF-8", name, CARD_TEXT - 1);
    switch (word) {
    case CARD_LICENSE:
    case CARD_URL:
        return is_url(text) || df_fail(err, "--%s: expected a URL, found '%.80s'", name, text);
    case CARD_DATE:
        return is_date(text) || df_fail(err, "--%s: expected YYYY-MM-DD, found '%.80s'", name, text);
    case CARD_VERSION:
        return is_version(text) || df_fail(err, "--%s: expected MAJOR.MINOR.PATCH, found '%.80s'", name, text);
    case CARD_NAME:
    case CARD_CREATOR:
    case CARD_CITE:
    case CARD_WORD_COUNT:
        return true;
    }
    return true;
}

static bool take_kept(const json_t *root, card_words *words, df_error *err)
{
    for (int word = 0; word < CARD_WORD_COUNT; word++) {
        const char *text;
        if (!json_object_get(root, card_word_names[word]) || words->text[word][0])
            continue;
        if (!df_json_get_string(root, card_word_names[word], &text, err) || !card_word_check((card_word)word, text, err))
            return false;
        snprintf(words->text[word], CARD_TEXT, "%s", text);
    }
    return true;
}

/* Words said before, where they are not said now. */
static bool read_kept(const char *folder, df_arena *arena, card_words *words, df_error *err)
{
    char path[DATASET_PATH];
    df_bytes bytes;
    if (!shard_state_file(path, folder, "card.json", err))
        return false;
    if (!df_path_exists(path))
        return true;
    json_t *root = df_file_read(path, WORDS_LIMIT, arena, &bytes, err) ? df_json_parse((const char *)bytes.data, bytes.size, err) : NULL;
    const bool is_good = root && take_kept(root, words, err);
    json_decref(root);
    return is_good || df_fail_in(err, "%s", path);
}

static bool keep(const char *folder, const card_words *words, df_error *err)
{
    char path[DATASET_PATH], state[DATASET_PATH];
    const char *before = "{";
    df_text text = {0};
    for (int word = 0; word < CARD_WORD_COUNT; word++)
        if (words->text[word][0]) {
            df_text_addf(&text, "%s\"%s\":", before, card_word_names[word]);
            df_text_json_string(&text, words->text[word]);
            before = ",";
        }
    if (text.size == 0)
        return true;
    df_text_add(&text, "}\n");
    const bool is_good = df_text_ok(&text, err) && shard_state_folder(state, folder, err) && df_make_folders(state, err) &&
                         shard_state_file(path, folder, "card.json", err) && df_file_write(path, text.data, text.size, err);
    df_text_free(&text);
    return is_good;
}

/* ---- files ---- */

/* Whether there is a README.md whose first line is not ours. */
static bool look_whose(const char *path, bool *is_somebodys, df_error *err)
{
    enum { MARK = sizeof CARD_MARK - 1 };
    char start[MARK + 1] = {0};
    *is_somebodys = df_path_is_folder(path);
    FILE *file = *is_somebodys ? NULL : fopen(path, "rb");
    if (*is_somebodys)
        return true;
    if (!file)
        return errno == ENOENT || df_fail(err, "%s: %s", path, strerror(errno));
    const size_t size = fread(start, 1, sizeof start, file);
    const bool is_read = !ferror(file) || df_fail(err, "%s: cannot be read", path);
    *is_somebodys = memcmp(start, CARD_MARK, MARK) != 0 || (size > MARK && start[MARK] != '\n' && start[MARK] != '\r');
    fclose(file);
    return is_read;
}

static bool write_page(const char *folder, const card_facts *facts, card_readme readme, bool *has_kept, df_error *err)
{
    char path[DATASET_PATH];
    df_text page = {0};
    if (!df_path_join(path, sizeof path, folder, "README.md", err))
        return false;
    *has_kept = false;
    if (readme == CARD_README_KEEP && !look_whose(path, has_kept, err))
        return false;
    if (*has_kept)
        return true;
    card_page(facts, &page);
    const bool is_good = df_json_is_complete(err) && df_text_ok(&page, err) && df_file_write(path, page.data, page.size, err);
    df_text_free(&page);
    return is_good;
}

static bool write_croissant(const char *folder, const card_facts *facts, df_error *err)
{
    char path[DATASET_PATH];
    df_text text = {0};
    const bool is_good = croissant_write(facts, &text, err) && df_path_join(path, sizeof path, folder, "croissant.json", err) &&
                         df_file_write(path, text.data, text.size, err);
    df_text_free(&text);
    return is_good;
}

static void count(const card_facts *facts, card_result *out)
{
    out->images = facts->sum->images;
    out->identities = facts->sum->identities;
    for (int word = 0; word < CARD_WORD_COUNT; word++)
        out->stand_ins += facts->stood[word];
}

static bool write_in(const char *folder, const card_words *said, card_readme readme, const df_progress *progress, df_arena *arena,
                     card_result *out, df_error *err)
{
    card_facts *facts = df_alloc(arena, 1, sizeof *facts, err);
    card_words *words = facts ? df_alloc(arena, 1, sizeof *words, err) : NULL;
    card_result result = {0};
    if (!words)
        return false;
    if (said)
        *words = *said;
    const bool is_good = read_kept(folder, arena, words, err) && card_facts_read(folder, words, arena, progress, facts, err) &&
                         df_may_go_on(err) && write_page(folder, facts, readme, &result.has_kept_readme, err) && df_may_go_on(err) &&
                         write_croissant(folder, facts, err) && df_may_go_on(err) && keep(folder, words, err);
    if (is_good) {
        count(facts, &result);
        *out = result;
    }
    card_facts_free(facts);
    return is_good;
}

bool card_write(const char *folder, const card_words *said, card_readme readme, const df_progress *progress, card_result *out,
                df_error *err)
{
    df_arena *arena = df_arena_new(CARD_ARENA, err);
    const bool is_good = arena && write_in(folder, said, readme, progress, arena, out, err);
    df_arena_free(arena);
    return is_good;
}

bool card_is_written(const char *folder)
{
    char page[DATASET_PATH], croissant[DATASET_PATH];
    return df_path_join(page, sizeof page, folder, "README.md", NULL) &&
           df_path_join(croissant, sizeof croissant, folder, "croissant.json", NULL) && df_path_exists(page) && df_path_exists(croissant);
}

void card_remove(const char *folder)
{
    char path[DATASET_PATH];
    bool is_somebodys;
    if (df_path_join(path, sizeof path, folder, "README.md", NULL) && look_whose(path, &is_somebodys, NULL) && !is_somebodys)
        unlink(path);
    if (df_path_join(path, sizeof path, folder, "croissant.json", NULL))
        unlink(path);
}
