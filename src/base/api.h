/* api.h: marks for declarations. DF_API is what libdiffuse exports; everything else stays hidden in the shared library.
   DF_CHECKED refuses to let a result be ignored. */
#ifndef DF_BASE_API_H
#define DF_BASE_API_H

#define DF_API __attribute__((visibility("default")))
#define DF_CHECKED __attribute__((warn_unused_result))
#define DF_PRINTF(string, first) __attribute__((__format__(__printf__, string, first)))
#define DF_ARRAY_LEN(array) (sizeof(array) / sizeof((array)[0]))

#endif
