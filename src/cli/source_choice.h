/* source_choice.h: options that say which data set is read and where its lists lie, of every command that reads any (exchange/source.h). */
#ifndef DF_CLI_SOURCE_CHOICE_H
#define DF_CLI_SOURCE_CHOICE_H

#include "cli/command.h"
#include "exchange/source.h"

typedef struct source_choice {
    source_setting setting; /* .path is the command's own option */
    const char *format;
} source_choice;

#define SOURCE_CHOICE_TEXT(TYPE, NAME, WHAT, MEMBER, HELP)                                                                                 \
    {                                                                                                                                      \
        .name = NAME, .kind = OPTION_STRING, .argument = WHAT, .at = offsetof(TYPE, MEMBER), .help = HELP                                  \
    }

/* Rows of a command whose struct has a member `source`. */
#define SOURCE_CHOICE_ROWS(TYPE)                                                                                                           \
    SOURCE_CHOICE_TEXT(TYPE, "from", "FORMAT", source.format, "format of the data set, by the names below; without it by what is there"),  \
        SOURCE_CHOICE_TEXT(TYPE, "images", "DIR", source.setting.images, "folder of the images of lists and tables"),                      \
        SOURCE_CHOICE_TEXT(TYPE, "attributes", "FILE", source.setting.attributes, "list of attributes"),                                   \
        SOURCE_CHOICE_TEXT(TYPE, "identities", "FILE", source.setting.identities, "list of identities"),                                   \
        SOURCE_CHOICE_TEXT(TYPE, "landmarks", "FILE", source.setting.landmarks, "list of landmarks"),                                      \
        SOURCE_CHOICE_TEXT(TYPE, "partition", "FILE", source.setting.partition, "list of splits"),                                         \
        SOURCE_CHOICE_TEXT(TYPE, "boxes", "FILE", source.setting.boxes, "list of boxes"),                                                  \
        SOURCE_CHOICE_TEXT(TYPE, "column-image", "NAME", source.setting.column_image, "column of file names"),                             \
        SOURCE_CHOICE_TEXT(TYPE, "column-identity", "NAME", source.setting.column_identity, "column of identities"),                       \
        SOURCE_CHOICE_TEXT(TYPE, "column-split", "NAME", source.setting.column_split, "column of splits"),                                 \
        SOURCE_CHOICE_TEXT(TYPE, "column-gender", "NAME", source.setting.column_gender, "column of genders"),                              \
        SOURCE_CHOICE_TEXT(TYPE, "column-age", "NAME", source.setting.column_age, "column of ages"),                                       \
        SOURCE_CHOICE_TEXT(TYPE, "column-ethnicity", "NAME", source.setting.column_ethnicity, "column of ethnicities")

/* The format's row; NULL, with the sentence, where there is none, and on an option that the format has no use for: it would be ignored in
   silence. */
const source_row *source_choice_row(cli_context *cli, const source_choice *choice, df_error *err) DF_CHECKED;

#endif
