/* report_scan.h: what of a folder a report can show: data sets, identities, face models, figures, results and the commands that
   made them. Looks REPORT_DEPTH folders deep, not into the folders of a data set, and not at hidden names. */
#ifndef DF_CLI_REPORT_SCAN_H
#define DF_CLI_REPORT_SCAN_H

#include "base/arena.h"
#include "base/error.h"

enum { REPORT_DEPTH = 4, REPORT_MOST = 256 };

/* In the order in which a page shows them. */
typedef enum report_kind {
    REPORT_COMMANDS, /* commands.json */
    REPORT_SET,      /* a folder with manifest.jsonl */
    REPORT_PEOPLE,   /* identities.jsonl, by what is in it */
    REPORT_MODEL,    /* a face model */
    REPORT_FIGURE,   /* PNG, JPEG, SVG */
    REPORT_RESULT,   /* JSON */
    REPORT_KIND_COUNT
} report_kind;

typedef struct report_item {
    const char *path; /* to open it */
    const char *name; /* the same from the folder of the report; of the folder itself its own name */
} report_item;

typedef struct report_scan {
    report_item items[REPORT_KIND_COUNT][REPORT_MOST]; /* sorted by name */
    int count[REPORT_KIND_COUNT];
    int left_out; /* more than fits */
} report_scan;

/* Items live in the arena. A folder whose real path is one of the two in `skip` is passed by; either may be NULL. */
bool report_scan_folder(const char *folder, const char *const skip[2], df_arena *arena, const report_scan **out, df_error *err) DF_CHECKED;

#endif
