/* arena_fixture.h: an arena that every test of a group gets afresh (cmocka_unit_test_setup_teardown or a group's), and an error to fill. */
#ifndef DF_TESTS_ARENA_FIXTURE_H
#define DF_TESTS_ARENA_FIXTURE_H

#include "base/arena.h"
#include "check.h"

static df_arena *arena;
static df_error err;

static int set_up(void **state)
{
    (void)state;
    arena = df_arena_new((size_t)256 << 20, &err);
    return arena ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    df_arena_free(arena);
    return 0;
}

#endif
