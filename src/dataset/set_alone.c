/* set_alone.c: run.lock, held alone. */
#include "dataset/set_alone.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"
#include "dataset/set_folder.h"
#include "dataset/shard_path.h"

int set_alone_open(const char *folder, df_error *err)
{
    char path[DATASET_PATH];
    if (!set_folder_check_whole(folder, err) || !shard_state_folder(path, folder, err) || !df_make_folders(path, err) ||
        !shard_state_file(path, folder, "run.lock", err))
        return -1;
    const int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (lock < 0) {
        df_fail(err, "%s: %s", path, strerror(errno));
        return -1;
    }
    if (flock(lock, LOCK_EX | LOCK_NB) == 0)
        return lock;
    df_fail(err, "%s: another process is writing this data set", folder);
    close(lock);
    return -1;
}

void set_alone_close(int lock)
{
    if (lock >= 0)
        close(lock);
}
