/* spool.h: bytes put aside on the disk until their turn comes: lists that a format wants after something else, directories at a file's
   end, records that are looked up by their place. The file has no name, so that nothing is left over whatever happens. One
   thread a spool. */
#ifndef DF_BASE_SPOOL_H
#define DF_BASE_SPOOL_H

#include "base/file.h"

typedef struct df_spool df_spool;

/* An empty spool on the disk where `beside` is or will be (in that folder if it is one, else in the folder that it lies in). */
DF_API df_spool *df_spool_open(const char *beside, df_error *err) DF_CHECKED;

/* Appends. */
DF_API bool df_spool_put(df_spool *spool, const void *data, size_t size, df_error *err) DF_CHECKED;
DF_API size_t df_spool_size(const df_spool *spool);

/* `size` bytes from `place` on; fails where there are fewer. */
DF_API bool df_spool_read(df_spool *spool, size_t place, void *data, size_t size, df_error *err) DF_CHECKED;

/* All of it, appended to the file. */
DF_API bool df_spool_copy(df_spool *spool, df_writer *to, df_error *err) DF_CHECKED;
DF_API void df_spool_close(df_spool *spool); /* NULL is legal */

#endif
