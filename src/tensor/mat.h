/* mat.h: MATLAB 5 files (.mat as MATLAB 5 to 7.2 and SciPy write them), of either byte order, compressed or not, after "MAT-File
   Format" (The MathWorks, 2023). A variable becomes a tensor of its class, whatever smaller type its numbers are stored in,
   with the shape that MATLAB shows: rank at least 2, a column of n is [n][1], a scalar [1][1]. Values are row-major: element
   (i, j) of a matrix of n columns is data[i * n + j]. Logical arrays are BOOL. A structure of 1 x 1 gives its fields as
   "name.field", a cell array its cells as "name.0", "name.1" ... in MATLAB's order.

   Text, sparse matrices, functions, objects and arrays of structures are skipped, complex numbers refused. Sizes are checked
   against the file before anything is allocated; what unpacks to more than a hundred times the file (above 64 MiB) is
   taken for a bomb. MATLAB 7.3 files are HDF5: h5.h. */
#ifndef DF_TENSOR_MAT_H
#define DF_TENSOR_MAT_H

#include "base/file.h"
#include "tensor/tensor.h"

/* `wanted`: names of variables, ended by NULL, that are read while all others are skipped without being unpacked; NULL for all. Data
   live in `arena`; beside them the largest variable needs its own size once more. Errors name the variable. */
DF_API bool mat_parse(df_bytes bytes, const char *const *wanted, df_arena *arena, tensor_list *out, df_error *err) DF_CHECKED;

#endif
