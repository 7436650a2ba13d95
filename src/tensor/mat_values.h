/* mat_values.h: the numbers of a MATLAB array as a tensor's; for mat.c. */
#ifndef DF_TENSOR_MAT_VALUES_H
#define DF_TENSOR_MAT_VALUES_H

#include "tensor/mat_element.h"

/* Sets out->data, in `arena`, from an element of numbers: of its own type, in column-major order, of the cursor's byte order.
   Type and shape of `out` are set; the element must have exactly as many numbers. Integers that do not fit the type are refused.
   `scratch` holds what is needed on the way. */
bool mat_values(const mat_cursor *cursor, const mat_element *element, df_arena *arena, df_arena *scratch, tensor *out,
                df_error *err) DF_CHECKED;

#endif
