/* verify_files.h: the files of a data set against its manifest, one entry or one folder at a time; the parts of verify.c that
   look at the disk. */
#ifndef DF_DATASET_VERIFY_FILES_H
#define DF_DATASET_VERIFY_FILES_H

#include "dataset/manifest_read.h"

enum { VERIFY_FILES = 1 + LABEL_KIND_COUNT }; /* of one entry: image, labels */

/* Which of an identity's indices have a file, for the image and each label; JOB_MAX_PER_IDENTITY bits each. */
typedef struct verify_named {
    uint8_t *bits[VERIFY_FILES];
    uint8_t *jpegs;  /* whether the image is "ID/0007.jpg" and not "ID/0007.png" */
    int64_t highest; /* index with a bit set, -1: none */
} verify_named;
bool verify_named_init(verify_named *named, df_arena *arena, df_error *err) DF_CHECKED;
void verify_named_add(verify_named *named, const manifest_entry *entry);
void verify_named_clear(verify_named *named);

/* Decodes file k of an entry (0 the image) and compares. normals16: what job.json says; -1: not known. *err has the sentence. */
bool verify_file(const char *folder, const manifest_entry *entry, int k, int normals16, df_arena *scratch, df_error *err) DF_CHECKED;

/* Calls `report` for each file in the folders of an identity that no entry named. */
typedef void verify_report(void *user, const char *sentence);
void verify_folders(const char *folder, const char *identity, const verify_named *named, verify_report *report, void *user);

#endif
