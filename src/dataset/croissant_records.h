/* croissant_records.h: the parts of croissant.json that describe files and records. Private to croissant.c. */
#ifndef DF_DATASET_CROISSANT_RECORDS_H
#define DF_DATASET_CROISSANT_RECORDS_H

#include "dataset/card_facts.h"

/* Arrays that the caller owns; NULL when memory ends. */
json_t *croissant_distribution(const card_facts *facts);
json_t *croissant_record_sets(const card_facts *facts);

#endif
