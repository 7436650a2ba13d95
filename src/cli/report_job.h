/* report_job.h: the command that made a data set, out of its `.diffuse/job.json`. */
#ifndef DF_CLI_REPORT_JOB_H
#define DF_CLI_REPORT_JOB_H

#include "base/json.h"
#include "base/text.h"

/* Appends `diffuse render ...` with every option that is not at its default, in lines of about 100 characters that a shell joins.
   The job does not say where model and identities lay: they are called MODEL and IDENTITIES. */
void report_job_command(const json_t *job, const char *folder, df_text *out);

/* The same where everything is known. */
typedef struct job_places {
    const char *model, *identities, *out;
} job_places;
void report_job_command_at(const json_t *job, const job_places *at, df_text *out);

#endif
