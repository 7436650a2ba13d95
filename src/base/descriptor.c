/* descriptor.c: open, read and write until done. A signal or a short count is no error; the sentence carries what the system
   said. */
#include "base/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Checks what was opened and lets reads wait again. */
static bool prepare(int descriptor, const char *path, struct stat *status, df_error *err)
{
    if (fstat(descriptor, status) != 0)
        return df_fail(err, "%s: cannot read: %s", path, strerror(errno));
    if (S_ISDIR(status->st_mode))
        return df_fail(err, "%s: is a folder, expected a file", path);
    const int flags = fcntl(descriptor, F_GETFL);
    if (flags < 0 || fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK) != 0)
        return df_fail(err, "%s: cannot read: %s", path, strerror(errno));
    return true;
}

int df_descriptor_open(const char *path, struct stat *status, df_error *err)
{
    struct stat own;
    int descriptor;
    do
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    while (descriptor < 0 && errno == EINTR);
    if (descriptor < 0) {
        df_fail(err, "%s: cannot open: %s", path, strerror(errno));
        return -1;
    }
    if (!prepare(descriptor, path, status ? status : &own, err)) {
        close(descriptor);
        return -1;
    }
    return descriptor;
}

bool df_descriptor_read(int descriptor, const char *path, void *data, size_t size, size_t *got, df_error *err)
{
    size_t done = 0;
    while (done < size) {
        const ssize_t count = read(descriptor, (char *)data + done, size - done);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return df_fail(err, "%s: cannot read: %s", path, strerror(errno));
        if (count == 0)
            break;
        done += (size_t)count;
    }
    *got = done;
    return true;
}

bool df_descriptor_write(int descriptor, const char *path, const void *data, size_t size, df_error *err)
{
    for (size_t done = 0; done < size;) {
        const ssize_t count = write(descriptor, (const char *)data + done, size - done);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return df_fail(err, "%s: cannot write: %s", path, strerror(errno));
        done += (size_t)count;
    }
    return true;
}
