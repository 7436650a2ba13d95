/* card_facts.h: all that the two cards of a set tell, gathered once: from the manifest, from what .diffuse/ remembers, and from its
   publisher's words. Private to the files card_*.c and croissant*.c. */
#ifndef DF_DATASET_CARD_FACTS_H
#define DF_DATASET_CARD_FACTS_H

#include "dataset/card.h"
#include "dataset/manifest_read.h"
#include "dataset/summary.h"

/* Who made the images. */
typedef enum card_kind {
    CARD_RENDERED, /* render: job.json is there */
    CARD_DERIVED,  /* subset, split or merge, of other sets */
    CARD_IMPORTED  /* somebody else */
} card_kind;

/* The first line of a README.md that card.h's functions made, by which they know it. */
#define CARD_MARK "<!-- Made by diffuse dataset card, which replaces it. Without this line it is yours. -->"

enum { CARD_FIRST_LINES = 50, CARD_SOURCES = 20 };

typedef struct card_facts {
    card_kind kind;
    card_words words;            /* complete: with stand-ins */
    bool stood[CARD_WORD_COUNT]; /* nobody said it */
    const summary *sum;
    manifest_entry first;             /* of the lines */
    json_t *keys;                     /* object: what the first lines have, key to a value */
    bool has_png, has_jpeg, is_split; /* the same */
    bool has_rendered, has_imported;  /* images */
    bool has_photographs;             /* behind rendered faces */
    bool begins[256];                 /* some identity begins with that byte */
    char manifest_sha256[DF_SHA256_TEXT];
    int64_t manifest_bytes;
    char identities_sha256[DF_SHA256_TEXT]; /* of the copy that the set keeps; "": none */
    int64_t identities_bytes;
    json_t *job, *origin, *derived; /* objects; NULL: the set has none */
} card_facts;

/* The facts live until card_facts_free, which may be called after a failure too; the summary in the arena. */
bool card_facts_read(const char *folder, const card_words *said, df_arena *arena, const df_progress *progress, card_facts *out,
                     df_error *err) DF_CHECKED;
void card_facts_free(card_facts *facts); /* {0} is legal */

/* Sentences, each a text of the array; never NULL but when memory ends, which json_is_array tells. The caller owns them. */
json_t *card_uses(const card_facts *facts);
json_t *card_limitations(const card_facts *facts);
json_t *card_biases(const card_facts *facts);
json_t *card_sensitive(const card_facts *facts);
json_t *card_stand_ins(const card_facts *facts);
/* Objects {"asset", "notice"}: what went in, and under which licence. */
json_t *card_assets(const card_facts *facts);
/* The commands that make it again, in order, as one types them; words in capitals stand for files. NULL when memory ends. */
json_t *card_commands(const card_facts *facts);

/* One sentence each. */
void card_summary(const card_facts *facts, df_text *out);
void card_collection(const card_facts *facts, df_text *out);
void card_annotation(const card_facts *facts, df_text *out);

/* `diffuse render` with the options of a job as job.json has them. */
void card_render_command(const json_t *job, df_text *out);

/* The two files. */
void card_page(const card_facts *facts, df_text *out);
bool croissant_write(const card_facts *facts, df_text *out, df_error *err) DF_CHECKED;

#endif
