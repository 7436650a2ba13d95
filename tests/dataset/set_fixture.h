/* set_fixture.h: a tiny data set for tests: people of the face fixture, small pictures, a folder of its own that goes away. Every
   run happens in a child process: a test may kill it, limit it, and OpenMP's threads never meet a fork. */
#ifndef DF_TESTS_SET_FIXTURE_H
#define DF_TESTS_SET_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/stop.h"
#include "dataset/generate.h"
#include "face_fixture.h"

enum { SET_PEOPLE = 5, SET_PER_IDENTITY = 3, SET_SIZE = 32, SET_PATH = 512 };

typedef struct set_fixture {
    df_arena *arena;
    face_model model;
    char top[SET_PATH], identities[SET_PATH];
    render_job job;
    generate_run run; /* into top/set, 2 threads */
    char out[SET_PATH];
    rlim_t file_limit;      /* bytes of a file, 0: none */
    useconds_t kill_after;  /* microseconds until SIGKILL, 0: never */
    char sentence[512];     /* of the last failed run */
    generate_result result; /* of the last good one */
} set_fixture;

static inline void set_write_people(const set_fixture *f, const char *path, int count)
{
    df_text lines = {0};
    for (int i = 0; i < count; i++) {
        person *who = fixture_alloc(f->arena, 1, sizeof *who);
        *who = (person){.gender = i % 2 ? PERSON_MALE : PERSON_FEMALE,
                        .gender_value = i % 2 ? 1.0f : 0.0f,
                        .group = i % 2,
                        .mixture_count = 2,
                        .age = 20 + (float)i,
                        .weight = 0.5f,
                        .muscle = 0.5f,
                        .shape_count = FIXTURE_SHAPE,
                        .albedo_count = FIXTURE_ALBEDO};
        snprintf(who->id, sizeof who->id, "p%04d", i);
        snprintf(who->ethnicity, sizeof who->ethnicity, "%s", f->model.group_names[i % 2]);
        who->mixture[i % 2] = 1;
        who->shape[0] = 0.5f * (float)(i % 5) - 1;
        who->shape[1] = 0.3f * (float)(i % 7) - 1;
        who->albedo[0] = 0.4f * (float)(i % 3);
        person_looks *looks = &who->looks;
        snprintf(looks->hair, FACE_NAME, "%s", i % 3 ? "short02" : "none");
        snprintf(looks->beard, FACE_NAME, "none");
        snprintf(looks->moustache, FACE_NAME, "%s", i % 4 == 3 ? "moustache" : "none");
        snprintf(looks->brows, FACE_NAME, "eyebrow001");
        snprintf(looks->lashes, FACE_NAME, "eyelashes01");
        snprintf(looks->iris, FACE_NAME, "brown");
        looks->hair_melanin = 0.7f;
        person_write(who, &f->model, &lines);
    }
    df_error err = {0};
    assert_true(df_file_write(path, lines.data, lines.size, &err));
    df_text_free(&lines);
}

static inline void set_use(set_fixture *f, const char *name)
{
    snprintf(f->out, sizeof f->out, "%.400s/%.100s", f->top, name);
    f->run.out = f->out;
}

static inline int set_setup(void **state)
{
    static set_fixture fixture; /* paths inside point into it */
    set_fixture *f = &fixture;
    memset(f, 0, sizeof *f);
    df_error err = {0};
    f->arena = df_arena_new(64 << 20, &err);
    f->model = face_fixture(f->arena);
    memset(f->model.sha256, 'a', 64);
    const char *place = getenv("TMPDIR");
    snprintf(f->top, sizeof f->top, "%s/diffuse set ü XXXXXX",
             place                           ? place
             : access("/dev/shm", W_OK) == 0 ? "/dev/shm"
                                             : "/tmp"); /* blanks and UTF-8 in every path */
    if (!mkdtemp(f->top))
        return 1;
    snprintf(f->identities, sizeof f->identities, "%.400s/identities.jsonl", f->top);
    set_write_people(f, f->identities, SET_PEOPLE);
    f->job = job_defaults(BAND_940);
    f->job.seed = 7;
    f->job.size = SET_SIZE;
    f->job.per_identity = SET_PER_IDENTITY;
    f->job.samples = 1;
    f->run = (generate_run){.model = &f->model, .identities = f->identities, .threads = 2, .shards = 1};
    set_use(f, "set");
    *state = f;
    return 0;
}

static inline int set_teardown(void **state)
{
    set_fixture *f = *state;
    df_error err;
    const bool is_gone = df_remove_tree(f->top, &err);
    df_arena_free(f->arena);
    return is_gone ? 0 : 1;
}

/* In the child: writes the result and the sentence into the pipe. */
static inline void set_child(set_fixture *f, int pipe_end)
{
    static const int caught[] = {SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS}; /* by cmocka, which would go on with the next test */
    for (size_t i = 0; i < DF_ARRAY_LEN(caught); i++)
        signal(caught[i], SIG_DFL);
    if (f->file_limit) {
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &(struct rlimit){f->file_limit, f->file_limit});
    }
    df_stop_on_signals();
    df_error err = {0};
    generate_result result = {0};
    const bool is_good = generate(&f->job, &f->run, &result, &err);
    if (write(pipe_end, &result, sizeof result) != (ssize_t)sizeof result || write(pipe_end, &err, sizeof err) != (ssize_t)sizeof err)
        _exit(9);
    _exit(is_good ? 0 : 1);
}

static inline pid_t set_start_run(set_fixture *f, int *pipe_end)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        set_child(f, ends[1]);
    close(ends[1]);
    *pipe_end = ends[0];
    return child;
}

/* 0 done, 1 failed (f->sentence says why), -1 killed. */
static inline int set_end_run(set_fixture *f, pid_t child, int pipe_end)
{
    int status;
    df_error err = {0};
    if (read(pipe_end, &f->result, sizeof f->result) == (ssize_t)sizeof f->result &&
        read(pipe_end, &err, sizeof err) == (ssize_t)sizeof err)
        snprintf(f->sentence, sizeof f->sentence, "%s", err.text);
    close(pipe_end);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static inline int set_run(set_fixture *f)
{
    int end;
    f->sentence[0] = '\0';
    const pid_t child = set_start_run(f, &end);
    if (f->kill_after) {
        usleep(f->kill_after);
        kill(child, SIGKILL);
    }
    return set_end_run(f, child, end);
}

/* Paths and contents of all files below a folder, hidden ones left out, as one hash; what two equal data sets share. */
static inline void set_digest_below(const char *top, const char *below, df_arena *arena, df_text *out)
{
    char folder[3 * SET_PATH], path[4 * SET_PATH], relative[2 * SET_PATH];
    char **names;
    size_t count;
    df_error err = {0};
    assert_true(df_path_join(folder, sizeof folder, top, below[0] ? below : ".", &err));
    assert_true(df_folder_list(folder, arena, &names, &count, &err));
    for (size_t i = 0; i < count; i++) {
        assert_true(df_path_join(relative, sizeof relative, below, names[i], &err));
        assert_true(df_path_join(path, sizeof path, top, relative, &err));
        if (df_path_is_folder(path)) {
            set_digest_below(top, relative, arena, out);
            continue;
        }
        char hash[DF_SHA256_TEXT];
        assert_true(df_sha256_of_file(path, hash, &err));
        df_text_addf(out, "%s %s\n", relative, hash);
    }
}

/* The caller frees the text. */
static inline df_text set_digest(const char *folder)
{
    df_error err;
    df_text text = {0};
    df_arena *arena = df_arena_new(8 << 20, &err);
    set_digest_below(folder, "", arena, &text);
    df_arena_free(arena);
    return text;
}

static inline void set_assert_same(const char *folder, const df_text *want)
{
    df_text have = set_digest(folder);
    assert_string_equal(have.data, want->data);
    df_text_free(&have);
}

/* Hidden files anywhere below but in .diffuse: temporaries that nobody cleared. */
static inline int set_count_hidden(const char *folder)
{
    int count = 0;
    DIR *listing = opendir(folder);
    assert_non_null(listing);
    for (const struct dirent *entry; (entry = readdir(listing)) != NULL;) {
        char path[3 * SET_PATH];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 || strcmp(entry->d_name, ".diffuse") == 0)
            continue;
        df_error err;
        assert_true(df_path_join(path, sizeof path, folder, entry->d_name, &err));
        count += entry->d_name[0] == '.' ? 1 : df_path_is_folder(path) ? set_count_hidden(path) : 0;
    }
    closedir(listing);
    return count;
}

static inline void set_path(const set_fixture *f, const char *name, char out[2 * SET_PATH])
{
    snprintf(out, 2 * SET_PATH, "%s/%s", f->out, name);
}

#endif
