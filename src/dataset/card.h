/* card.h: what a data set is, for people and for programs: DIR/README.md, a data card, and DIR/croissant.json, the same as Croissant 1.1
   JSON-LD with the RAI vocabulary. Both tell what the manifest and .diffuse/ know: counts by group, how it was made, its fields, uses, limits
   and biases, and the licence of every asset that went in. docs/card.md tells it from the outside.

   What only a publisher can know (who, under which licence, where, when) is said by words; they are kept in .diffuse/card.json for the
   next time. What nobody said has a stand-in that names itself as one. Nothing depends on the day or the machine: the same set has the
   same cards. */
#ifndef DF_DATASET_CARD_H
#define DF_DATASET_CARD_H

#include <stdint.h>

#include "base/api.h"
#include "base/error.h"
#include "base/progress.h"

/* id, name of the option and the key in card.json, help. */
#define CARD_WORDS(X)                                                                                                                      \
    X(NAME, "name", "name of the set; else one made of its contents' hash")                                                                \
    X(LICENSE, "license", "licence that the set is published under: a URL, such as https://spdx.org/licenses/CC-BY-4.0.html")              \
    X(CREATOR, "creator", "person or organization that publishes it")                                                                      \
    X(URL, "url", "page of the set")                                                                                                       \
    X(DATE, "date", "day of publication, YYYY-MM-DD; else the day of the program's release, so that bytes do not depend on the day")       \
    X(VERSION, "set-version", "MAJOR.MINOR.PATCH; else 1.0.0")                                                                             \
    X(CITE, "cite", "how to cite it, as BibTeX; else made of the others")

typedef enum card_word {
#define CARD_WORD_ID(id, ...) CARD_##id,
    CARD_WORDS(CARD_WORD_ID)
#undef CARD_WORD_ID
        CARD_WORD_COUNT
} card_word;
DF_API extern const char *const card_word_names[CARD_WORD_COUNT];

enum { CARD_TEXT = 1024 };

typedef struct card_words {
    char text[CARD_WORD_COUNT][CARD_TEXT]; /* UTF-8; "": not said */
} card_words;

/* Whether a word has the form that it must have; the sentence starts with its option. */
DF_API bool card_word_check(card_word word, const char *text, df_error *err) DF_CHECKED;

/* A README.md that `card_write` did not make is somebody's own. */
typedef enum card_readme { CARD_README_KEEP, CARD_README_REPLACE } card_readme;

typedef struct card_result {
    int64_t images, identities;
    int stand_ins;        /* words that nobody said */
    bool has_kept_readme; /* it was somebody's own */
} card_result;

/* Writes both files of the complete set in `folder`, each beside and renamed. said: NULL for none; a word that is "" there is taken from
   card.json. Fails where there is no manifest and at the first line of it that is wrong. */
DF_API bool card_write(const char *folder, const card_words *said, card_readme readme, const df_progress *progress, card_result *out,
                       df_error *err) DF_CHECKED;

/* Both cards are there. */
DF_API bool card_is_written(const char *folder);

/* Removes what card_write made, and a README.md that is somebody's own not. */
DF_API void card_remove(const char *folder);

#endif
