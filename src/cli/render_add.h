/* render_add.h: `diffuse render --add`: further labels for a data set that is there. */
#ifndef DF_CLI_RENDER_ADD_H
#define DF_CLI_RENDER_ADD_H

#include "cli/command.h"
#include "dataset/job.h"

typedef struct render_add_options {
    const char *folder;                          /* NULL: not said */
    const char *model, *identities, *background; /* NULL: looked for */
    uint64_t labels;                             /* bit k: label_kind k */
    bool normals16;
    job_landmarks landmarks;
} render_add_options;

bool render_add(cli_context *cli, const render_add_options *given, df_error *err) DF_CHECKED;

#endif
