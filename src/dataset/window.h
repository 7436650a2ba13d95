/* window.h: the images of a shard in windows of bounded size, each with the people whose images are in it. While the images of one
   window are made the people of the next are prepared, so that no thread waits for either; a person whose images reach into
   the next window stays. Private to generate.c. */
#ifndef DF_DATASET_WINDOW_H
#define DF_DATASET_WINDOW_H

#include "dataset/image_maker.h"
#include "dataset/roster.h"

typedef struct window_person { /* a prepared person in one of a fixed number of places */
    df_arena *arena;
    person who;
    head_identity *identity; /* NULL until prepared */
    int used_by;             /* windows that have images of them: 0 free */
} window_person;

typedef struct window_item {
    window_person *person;
    uint32_t index;
    df_text line; /* kept for reuse */
    bool is_done;
    df_error err;
} window_item;

typedef struct window {
    window_item *items;        /* [room] */
    int count, appended;       /* items, and how many of them are in the journal */
    window_person **newcomers; /* [people] to be prepared before this window's images */
    df_error *newcomer_errors; /* [people] */
    int newcomer_count;
} window;

typedef struct window_source {
    roster_stream stream;
    window_person *places;            /* [place_count] */
    int place_count, room, people;    /* images and people of a window at most; place_count = 2 * people */
    int64_t per_identity, only_index; /* only_index JOB_ALL_IMAGES: all */
    window_person *current;           /* whose images come next, NULL: read one */
    int64_t next_index;
    int64_t skip; /* images at the start that are done already */
    bool is_ended;
} window_source;

/* Two windows and the places for people, for that many threads; in `arena`. */
bool window_source_init(window_source *source, window windows[2], int threads, df_arena *arena, df_error *err) DF_CHECKED;
void window_source_free(window_source *source, window windows[2]);

/* Fills an empty window with what comes next; count 0 at the end. */
bool window_fill(window_source *source, window *out, df_error *err) DF_CHECKED;

/* Empties it and gives back the places of those who are in no other window. */
void window_clear(window *out);

#endif
