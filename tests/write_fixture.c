/* write_fixture.c: writes the face model of face_fixture.h to a file, for tests that run the program. */
#include "face_fixture.h"

#include <stdio.h>

#include "face/model_file.h"

int main(int argc, char **argv)
{
    df_error err = {0};
    df_arena *arena = df_arena_new((size_t)64 << 20, &err);
    if (!arena || argc != 2)
        return 2;
    const face_model model = face_fixture(arena);
    const bool is_done = face_model_save(argv[1], &model, NULL, &err);
    if (!is_done)
        fprintf(stderr, "%s\n", err.text);
    df_arena_free(arena);
    return is_done ? 0 : 1;
}
