/* export_rows.h: the rows of the table in exporter.c, one a file export_NAME.c. */
#ifndef DF_EXCHANGE_EXPORT_ROWS_H
#define DF_EXCHANGE_EXPORT_ROWS_H

#include "exchange/exporter.h"

extern const export_row export_folder_row, export_webdataset_row, export_imagefolder_row, export_csv_row, export_celeba_row, export_pairs_row;
extern const export_row export_coco_row, export_stylegan_zip_row, export_rec_row, export_bin_row, export_lmdb_row;

#endif
