/* attribute_report.h: a folder that shows a result: evaluation.json, index.html, and wrong.png, the images that H got most wrong. */
#ifndef DF_ATTRIBUTES_ATTRIBUTE_REPORT_H
#define DF_ATTRIBUTES_ATTRIBUTE_REPORT_H

#include "attributes/attribute_result.h"

#define ATTRIBUTE_JSON "evaluation.json"
#define ATTRIBUTE_SHEET "wrong.png"

typedef struct attribute_report {
    const char *folder; /* made where it is not there */
    const char *title, *subtitle;
    const char *metrics; /* of the training: curves from this file; NULL: none */
    int worst;           /* images of each attribute on the sheet */
} attribute_report;

DF_API bool attribute_report_write(const attribute_report *report, const attribute_result *result, df_error *err) DF_CHECKED;

/* For each attribute up to `worst` images with the wrong answer, the surest first. *count: how many there are on the sheet; 0: no answer is
   wrong, and there is no file. */
DF_API bool attribute_sheet_write(const attribute_result *result, int worst, const char *path, int *count, df_error *err) DF_CHECKED;

#endif
