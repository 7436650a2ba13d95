/* tile_product.h: products of a few rows by a panel of columns, kept in registers, for winograd.c. */
#ifndef DF_NN_TILE_PRODUCT_H
#define DF_NN_TILE_PRODUCT_H

#include <stdint.h>

/* c[r][j] = sum over i of a[r][i] * b[i][j], r < rows, j < columns; b is packed, a and c have rows of lda and ldc numbers. */
typedef void tile_product_run(int64_t count, const float *a, int64_t lda, const float *b, float *c, int64_t ldc);

typedef struct tile_product {
    int64_t rows, columns;
    tile_product_run *run; /* NULL: this processor has no fused multiply-add */
} tile_product;
tile_product tile_product_here(void);

#endif
