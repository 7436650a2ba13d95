/* sample_demand.h: --balance, --share, --take and --mixture of `diffuse sample` to deals and numbers. What stands there depends on
   the model (its groups) and on the age bins, so these are texts in the option rows and read here. A wrong one is wrong usage. */
#ifndef DF_CLI_SAMPLE_DEMAND_H
#define DF_CLI_SAMPLE_DEMAND_H

#include "cli/command.h"
#include "face/sampler.h"

typedef enum demand_trait { DEMAND_GENDER, DEMAND_ETHNICITY, DEMAND_AGE, DEMAND_COUNT } demand_trait;
extern const char *const demand_traits[DEMAND_COUNT + 1]; /* names, NULL at the end */

typedef struct demand_texts {
    option_list balance, share, take, mixture;
} demand_texts;

/* out->age_bins and age_edge are set already. */
bool demand_read(cli_context *cli, const demand_texts *texts, const face_model *model, sampler_options *out, df_error *err) DF_CHECKED;

#endif
