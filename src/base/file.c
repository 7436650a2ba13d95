/* file.c: whole files as bytes, read or mapped. Memory follows what was read, not what the file system announces: files of
   /proc announce nothing, and a file may grow meanwhile. */
#include "base/file.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/descriptor.h"

enum { FIRST_ROOM = 1 << 16 };

/* A buffer that has room for what comes next and the final zero byte. */
typedef struct growing_bytes {
    unsigned char *data;
    size_t size, room;
} growing_bytes;

static bool grow(growing_bytes *buffer, size_t limit, df_arena *arena, df_error *err)
{
    size_t room = buffer->room ? buffer->room * 2 : FIRST_ROOM;
    if (buffer->room > SIZE_MAX / 2 || room > limit + 1)
        room = limit + 1;
    unsigned char *data = df_alloc(arena, room, 1, err);
    if (!data)
        return false;
    if (buffer->size)
        memcpy(data, buffer->data, buffer->size);
    buffer->data = data;
    buffer->room = room;
    return true;
}

static bool read_to_end(int descriptor, const char *path, size_t limit, df_arena *arena, growing_bytes *buffer, df_error *err)
{
    for (;;) {
        size_t got;
        if (!df_descriptor_read(descriptor, path, buffer->data + buffer->size, buffer->room - buffer->size, &got, err))
            return false;
        buffer->size += got;
        if (buffer->size < buffer->room)
            return true;
        if (buffer->size > limit)
            return df_fail(err, "%s: more than %zu bytes, expected fewer", path, limit);
        if (!grow(buffer, limit, arena, err))
            return df_fail_in(err, "%s", path);
    }
}

bool df_file_read(const char *path, size_t limit, df_arena *arena, df_bytes *out, df_error *err)
{
    if (limit > SIZE_MAX / 2)
        limit = SIZE_MAX / 2;
    struct stat status;
    const int descriptor = df_descriptor_open(path, &status, err);
    if (descriptor < 0)
        return false;
    bool ok = false;
    growing_bytes buffer = {0};
    if (S_ISREG(status.st_mode) && (uintmax_t)status.st_size > limit) {
        df_fail(err, "%s: %jd bytes, expected at most %zu", path, (intmax_t)status.st_size, limit);
        goto done;
    }
    /* One byte more than the file's size, so that its end is seen without growing. */
    buffer.room = S_ISREG(status.st_mode) && status.st_size > 0 ? (size_t)status.st_size + 1 : FIRST_ROOM;
    if (buffer.room > limit + 1)
        buffer.room = limit + 1;
    buffer.data = df_alloc(arena, buffer.room, 1, err);
    if (!buffer.data) {
        df_fail_in(err, "%s", path);
        goto done;
    }
    ok = read_to_end(descriptor, path, limit, arena, &buffer, err);
done:
    close(descriptor);
    if (ok) {
        buffer.data[buffer.size] = 0;
        *out = (df_bytes){.data = buffer.data, .size = buffer.size};
    }
    return ok;
}

bool df_file_map(const char *path, df_bytes *out, df_error *err)
{
    struct stat status;
    const int descriptor = df_descriptor_open(path, &status, err);
    if (descriptor < 0)
        return false;
    bool ok = false;
    void *data = NULL;
    const size_t size = (size_t)status.st_size;
    if (!S_ISREG(status.st_mode)) {
        df_fail(err, "%s: a pipe or device, expected a file", path);
        goto done;
    }
    if (size > 0)
        data = mmap(NULL, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (data == MAP_FAILED) {
        df_fail(err, "%s: cannot map: %s", path, strerror(errno));
        goto done;
    }
    ok = true;
    *out = (df_bytes){.data = data, .size = size};
done:
    close(descriptor);
    return ok;
}

void df_file_unmap(df_bytes *bytes)
{
    if (bytes->data)
        munmap((void *)(uintptr_t)bytes->data, bytes->size);
    *bytes = (df_bytes){0};
}

void df_file_done(df_bytes part)
{
    enum { WORTH_A_CALL = 1 << 20 };
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    const uintptr_t begin = ((uintptr_t)part.data + page - 1) / page * page, end = ((uintptr_t)part.data + part.size) / page * page;
    if (part.size >= WORTH_A_CALL && begin < end)
        (void)madvise((void *)begin, end - begin, MADV_PAGEOUT); /* a hint: where the system refuses, more memory is held */
}
