/* assets.h: where the program finds what it did not make itself: the packages that setup.sh fetched and the files that were
   installed with it. */
#ifndef DF_CLI_ASSETS_H
#define DF_CLI_ASSETS_H

#include <limits.h>

#include "base/arena.h"
#include "base/error.h"

/* The folder of MakeHuman's unpacked package below `data`; NULL: $XDG_DATA_HOME/diffuse, or ~/.local/share/diffuse. Fails,
   saying what to run, when it is not there. */
bool assets_makehuman(const char *data, char out[PATH_MAX], df_error *err) DF_CHECKED;

/* The trained Inception-v3 that setup.sh took from nsfwjs, a TensorFlow.js model. Fails likewise. */
bool assets_inception(char out[PATH_MAX], df_error *err) DF_CHECKED;

/* A file of the project's own assets/: beside an installed program (../share/diffuse), else in the source tree it was built
   from. */
bool assets_file(const char *name, char out[PATH_MAX], df_error *err) DF_CHECKED;

/* Where a face model is looked for of which only the hash is known: the folders of $DIFFUSE_MODELS, separated by ':', the data folder as
   above, and the current one. NULL-terminated, in `arena`. */
bool assets_model_folders(df_arena *arena, const char *const **out, df_error *err) DF_CHECKED;

#endif
