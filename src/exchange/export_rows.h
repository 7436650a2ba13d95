/* export_rows.h: the rows of the table in exporter.c, one a file export_NAME.c. A format is there when it stands in this list, in the order
   of help: its row is export_ID_row. */
#ifndef DF_EXCHANGE_EXPORT_ROWS_H
#define DF_EXCHANGE_EXPORT_ROWS_H

#include "exchange/exporter.h"

/* ID, name. (clang-format would join the lines, and part them again.) */
/* clang-format off */
#define EXPORT_FORMATS(X) \
    X(folder, "folder") \
    X(webdataset, "webdataset") \
    X(imagefolder, "imagefolder") \
    X(csv, "csv") \
    X(celeba, "celeba") \
    X(pairs, "pairs") \
    X(coco, "coco") \
    X(stylegan_zip, "stylegan-zip") \
    X(rec, "rec") \
    X(bin, "bin") \
    X(lmdb, "lmdb")
/* clang-format on */

#define EXPORT_FORMAT_ROW(id, name) extern const export_row export_##id##_row;
EXPORT_FORMATS(EXPORT_FORMAT_ROW)
#undef EXPORT_FORMAT_ROW

#endif
