/* fid_output.h: what `diffuse fid` found, as text and as JSON. */
#ifndef DF_CLI_FID_OUTPUT_H
#define DF_CLI_FID_OUTPUT_H

#include "cli/command.h"
#include "metrics/fid_parts.h"
#include "metrics/fid_resampled.h"
#include "metrics/kid.h"
#include "metrics/prdc.h"

typedef struct fid_side {
    const char *path;
    bool is_images;
    image_set images;        /* of images */
    feature_set file;        /* else */
    const feature_set *rows; /* of either */
} fid_side;

typedef struct fid_findings {
    fid_side sides[2];
    const inception *net; /* NULL: no images were read */
    const char *weights;
    inception_filter filter;
    double fid;
    bool has_kid, has_prdc, has_halves, has_infinity, has_match;
    kid_result kid;
    prdc_result prdc;
    int k;
    subset_spread halves[2]; /* count 0: that side has only mu and sigma */
    fid_infinity_result infinity;
    const char *by; /* NULL: no groups */
    fid_group *groups;
    int group_count;
    fid_match match[LABEL_PARTS];
} fid_findings;

bool fid_print_json(const fid_findings *found, df_error *err) DF_CHECKED;
void fid_print_text(const fid_findings *found);

#endif
