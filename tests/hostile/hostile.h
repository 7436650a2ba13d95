/* hostile.h: damages the good files of a reader in every way that it has to survive, in a child process of limited memory, and says
   what was tried. A reader passes when it accepts or refuses each with a sentence: no crash, no hang, no leak of memory or of
   descriptors, no more memory than it may have, whatever a file claims. */
#ifndef DF_TESTS_HOSTILE_H
#define DF_TESTS_HOSTILE_H

#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clones.h"
#include "hostile/readers.h"
#include "mutate.h"
#include "scratch.h"

#ifdef DF_SANITIZED /* its shadow memory counts as ours, and it looks for leaks itself at the end */
enum { HOSTILE_SANITIZED = 1 };
#else
enum { HOSTILE_SANITIZED = 0 };
#endif

enum {
    HOSTILE_CUTS = 1000,
    HOSTILE_SHORT = 300,  /* mutations of each good file in the tests that always run */
    HOSTILE_LONG = 10000, /* where DIFFUSE_SOAK is set */
    HOSTILE_SECONDS = 2,  /* of processor time for one file */
    HOSTILE_WAIT = 30,    /* seconds until a file counts as a hang */
    HOSTILE_SENTENCE = 400,
    HOSTILE_NAME = 200
};

static const size_t HOSTILE_ARENA = (size_t)256 << 20, HOSTILE_FILE = (size_t)1 << 20, HOSTILE_LEAK = (size_t)256 << 10,
                    HOSTILE_ROOM = (size_t)512 << 20;

typedef enum hostile_cut {
    CUT_IS_REFUSED,
    CUT_MAY_BE_GOOD /* the beginning of a list can be a shorter list */
} hostile_cut;

typedef struct hostile_reader {
    const char *name;  /* of the format: tests/fuzz/corpus/NAME has good files, tests/data/broken/NAME bad ones */
    read_bytes *bytes; /* one of the two */
    read_path *path;   /* is given FOLDER/FILE; sentences must name it */
    const char *seed;  /* a file of the corpus that is refused, only a start for the fuzzer; or NULL */
    const char *file;  /* "x/y.json"; NULL: "file" */
    hostile_cut cut;
    int broken;  /* bad files that there are at least; each is refused */
    int divisor; /* of mutations and cuts, of readers that start a process; 0: 1 */
    int peak_mb; /* most memory above what the test began with; 0: 32 */
} hostile_reader;

/* What was tried, in memory that child and parent share: where the child was when it died, too. */
typedef struct hostile_report {
    char name[HOSTILE_NAME], what[HOSTILE_NAME]; /* file; "cut to 17 bytes" */
    char sentence[HOSTILE_SENTENCE];             /* what is wrong; "": nothing */
    long files, cuts, cuts_accepted, mutations, mutations_accepted, limits, broken;
    long start_kb, peak_kb;  /* of the child's memory */
    double slowest, seconds; /* of processor time: for one file, and in all */
} hostile_report;

typedef struct hostile_run hostile_run;
struct hostile_run {
    const hostile_reader *reader;
    void (*task)(hostile_run *run); /* what the child does */
    hostile_report *report;
    scratch *place;
    guarded guard;
    df_arena *arena;
    char path[600];
    int mutations;
    const char *beginning; /* of an endless file */
    long megabytes;
};

static inline double hostile_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static inline void hostile_fault(hostile_run *run, const char *sentence)
{
    if (run->report->sentence[0] == '\0')
        snprintf(run->report->sentence, sizeof run->report->sentence, "%.90s, %.90s: %.200s", run->report->name, run->report->what,
                 sentence);
}

static inline bool hostile_call(hostile_run *run, const unsigned char *data, size_t size, df_error *err)
{
    df_arena_reset(run->arena);
    if (run->reader->bytes) {
        unsigned char *copy = run->guard.map + run->guard.room - size;
        if (size)
            memcpy(copy, data, size);
        return run->reader->bytes((df_bytes){.data = copy, .size = size}, run->arena, err);
    }
    const int file = open(run->path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    const bool is_written = file >= 0 && write(file, data, size) == (ssize_t)size;
    close(file);
    if (!is_written) {
        hostile_fault(run, "the test cannot write the file");
        return false;
    }
    return run->reader->path(run->path, run->arena, err);
}

/* Gives the bytes to the reader; faults are noted. Returns whether they were accepted. */
static inline bool hostile_try(hostile_run *run, const unsigned char *data, size_t size)
{
    df_error err = {0};
    const double start = hostile_seconds();
    alarm(HOSTILE_WAIT);
    const bool ok = hostile_call(run, data, size, &err);
    alarm(0);
    const double taken = hostile_seconds() - start;
    if (taken > run->report->slowest)
        run->report->slowest = taken;
    if (taken > HOSTILE_SECONDS && !HOSTILE_SANITIZED)
        hostile_fault(run, "took too long");
    if (!ok && err.text[0] == '\0')
        hostile_fault(run, "refused without a sentence");
    if (!ok && run->reader->path && !strstr(err.text, strrchr(run->path, '/') + 1)) {
        char sentence[HOSTILE_SENTENCE];
        snprintf(sentence, sizeof sentence, "'%.150s' does not name the file", err.text);
        hostile_fault(run, sentence);
    }
    return ok;
}

static inline void hostile_cut_all(hostile_run *run, df_bytes good)
{
    const size_t divisor = run->reader->divisor ? (size_t)run->reader->divisor : 1;
    const size_t step = good.size * divisor / HOSTILE_CUTS + 1;
    for (size_t size = 0; size < good.size; size += step) {
        snprintf(run->report->what, sizeof run->report->what, "cut to %zu bytes", size);
        const bool ok = hostile_try(run, good.data, size);
        run->report->cuts++;
        run->report->cuts_accepted += ok;
        if (ok && run->reader->cut == CUT_IS_REFUSED)
            hostile_fault(run, "accepted, expected a refusal");
    }
}

static inline void hostile_mutate_all(hostile_run *run, df_bytes good)
{
    unsigned char *copy = malloc(good.size + 1);
    assert_non_null(copy);
    for (int i = 0; i < run->mutations && good.size > 0; i++) {
        df_random random = df_random_at(1, 0, (uint32_t)i, DF_FOR_TEST);
        memcpy(copy, good.data, good.size);
        mutate_once(copy, good.size, &random);
        snprintf(run->report->what, sizeof run->report->what, "mutation %d", i);
        run->report->mutations_accepted += hostile_try(run, copy, good.size);
        run->report->mutations++;
    }
    free(copy);
}

/* Memory ends ever later, until the good file is read. */
static inline void hostile_limit_all(hostile_run *run, df_bytes good)
{
    df_arena *const whole = run->arena;
    bool ok = false;
    for (size_t limit = 0; !ok && limit < HOSTILE_ARENA; limit += 64 + limit / 32) {
        snprintf(run->report->what, sizeof run->report->what, "with %zu bytes of memory", limit);
        run->arena = df_arena_new(limit, NULL);
        ok = hostile_try(run, good.data, good.size);
        df_arena_free(run->arena);
        run->report->limits++;
    }
    run->arena = whole;
}

/* Calls `each` for the files of a folder, whose bytes it may keep until it returns. */
static inline int hostile_each_file(hostile_run *run, const char *folder, void (*each)(hostile_run *run, df_bytes bytes))
{
    df_error err = {0};
    char **names = NULL, path[1024];
    size_t count = 0;
    df_arena *arena = df_arena_new((size_t)16 << 20, &err);
    if (!df_folder_list(folder, arena, &names, &count, &err))
        hostile_fault(run, err.text);
    for (size_t i = 0; i < count; i++) {
        df_bytes bytes = {0};
        const df_arena_mark mark = df_arena_save(arena);
        snprintf(run->report->name, sizeof run->report->name, "%.190s", names[i]);
        if (!df_path_join(path, sizeof path, folder, names[i], &err) || !df_file_read(path, HOSTILE_FILE, arena, &bytes, &err))
            hostile_fault(run, err.text);
        else
            each(run, bytes);
        df_arena_restore(arena, mark);
    }
    df_arena_free(arena);
    return (int)count;
}

static inline void hostile_good(hostile_run *run, df_bytes good)
{
    run->report->files++;
    snprintf(run->report->what, sizeof run->report->what, "whole");
    const bool is_good = !run->reader->seed || strcmp(run->reader->seed, run->report->name) != 0;
    if (hostile_try(run, good.data, good.size) != is_good)
        hostile_fault(run, is_good ? "a good file was refused" : "was read, expected a refusal");
    hostile_cut_all(run, good);
    hostile_mutate_all(run, good);
    if (is_good && run->reader->bytes && run->reader->divisor <= 1)
        hostile_limit_all(run, good);
}

static inline void hostile_broken(hostile_run *run, df_bytes bytes)
{
    snprintf(run->report->what, sizeof run->report->what, "broken");
    if (hostile_try(run, bytes.data, bytes.size))
        hostile_fault(run, "was read, expected a refusal");
    run->report->broken++;
}

/* Memory that malloc has given out; 0 where a sanitizer gives it. */
static inline size_t hostile_in_use(void)
{
    const struct mallinfo2 info = mallinfo2();
    return HOSTILE_SANITIZED ? 0 : info.uordblks + info.hblkhd;
}

static inline int hostile_free_descriptor(void)
{
    const int free = dup(0);
    close(free);
    return free;
}

static inline void hostile_read_all(hostile_run *run)
{
    const hostile_reader *reader = run->reader;
    char folder[600];
    snprintf(folder, sizeof folder, "%s/../fuzz/corpus/%s", TEST_DATA, reader->name);
    if (hostile_each_file(run, folder, hostile_good) == 0)
        hostile_fault(run, "no good file");
    snprintf(folder, sizeof folder, "%s/broken/%s", TEST_DATA, reader->name);
    if (reader->broken > 0 && hostile_each_file(run, folder, hostile_broken) < reader->broken)
        hostile_fault(run, "broken files are missing");
}

/* What is kept for good (a locale, a table made once) is there after the first files; what grows after that leaks. */
static inline void hostile_child(hostile_run *run)
{
    static const int caught[] = {SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS}; /* by cmocka, which would go on with the next test */
    for (size_t i = 0; i < DF_ARRAY_LEN(caught); i++)
        signal(caught[i], SIG_DFL);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    run->report->start_kb = usage.ru_maxrss;
    if (!HOSTILE_SANITIZED) {
        const rlim_t room = HOSTILE_ROOM + HOSTILE_ARENA + ((rlim_t)run->megabytes << 20);
        struct rlimit limit = {room, room};
        setrlimit(RLIMIT_AS, &limit);
    }
    run->guard = guarded_new(HOSTILE_FILE);
    run->arena = df_arena_new(HOSTILE_ARENA, NULL);
    hostile_try(run, (const unsigned char *)"", 0);
    const size_t before = hostile_in_use();
    const int descriptor = hostile_free_descriptor();
    run->task(run);
    df_arena_free(run->arena);
    snprintf(run->report->what, sizeof run->report->what, "in the end");
    if (hostile_in_use() > before + HOSTILE_LEAK)
        hostile_fault(run, "memory leaks");
    if (hostile_free_descriptor() != descriptor)
        hostile_fault(run, "descriptors leak");
    if (HOSTILE_SANITIZED)
        exit(0);
    _exit(0);
}

/* Makes the folders of FOLDER/FILE. */
static inline void hostile_place(hostile_run *run)
{
    df_error err;
    snprintf(run->path, sizeof run->path, "%.300s/%.200s", run->place->folder, run->reader->file ? run->reader->file : "file");
    char *slash = strrchr(run->path, '/');
    *slash = '\0';
    must(df_make_folders(run->path, &err), &err);
    *slash = '/';
}

static inline void hostile_judge(const hostile_reader *reader, hostile_report *report, int status)
{
    const long most_kb = 1024L * (reader->peak_mb ? reader->peak_mb : 32);
    char sentence[HOSTILE_SENTENCE] = "";
    if (WIFSIGNALED(status))
        snprintf(sentence, sizeof sentence, "killed by signal %d%s", WTERMSIG(status), WTERMSIG(status) == SIGALRM ? ": hangs" : "");
    else if (WEXITSTATUS(status) != 0)
        snprintf(sentence, sizeof sentence, "ended with %d", WEXITSTATUS(status));
    else if (report->peak_kb - report->start_kb > most_kb && !HOSTILE_SANITIZED)
        snprintf(sentence, sizeof sentence, "%ld kB of memory, expected at most %ld", report->peak_kb - report->start_kb, most_kb);
    if (sentence[0] && !report->sentence[0])
        snprintf(report->sentence, sizeof report->sentence, "%.100s, %.100s: %.190s", report->name, report->what, sentence);
}

/* Runs the task in a child; the report's sentence says what is wrong. */
static inline hostile_report hostile_fork(hostile_run run)
{
    hostile_report *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(shared != MAP_FAILED);
    scratch place = scratch_new();
    struct rusage usage;
    int status = 0;
    run.report = shared;
    run.place = &place;
    hostile_place(&run);
    fflush(NULL);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        hostile_child(&run);
    assert_int_equal(wait4(child, &status, 0, &usage), child);
    shared->peak_kb = usage.ru_maxrss;
    shared->seconds =
        (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + 1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
    hostile_judge(run.reader, shared, status);
    const hostile_report report = *shared;
    munmap(shared, sizeof *shared);
    scratch_free(&place);
    return report;
}

/* Tries all of it. */
static inline hostile_report hostile_test(const hostile_reader *reader, int mutations)
{
    const int divisor = reader->divisor > 1 ? reader->divisor : 1;
    return hostile_fork((hostile_run){.reader = reader, .task = hostile_read_all, .mutations = mutations / divisor});
}

static inline void hostile_read_endless(hostile_run *run)
{
    static char block[1 << 20];
    df_error err = {0};
    snprintf(run->report->name, sizeof run->report->name, "%s", run->reader->name);
    snprintf(run->report->what, sizeof run->report->what, "a line of %ld MB", run->megabytes);
    memset(block, 'a', sizeof block);
    FILE *file = fopen(run->path, "wb");
    if (!file || fputs(run->beginning, file) < 0)
        hostile_fault(run, "the test cannot write the file");
    for (long i = 0; file && i < run->megabytes; i++)
        if (fwrite(block, 1, sizeof block, file) != sizeof block)
            hostile_fault(run, "the test cannot write the file");
    if (file)
        fclose(file);
    if (run->reader->path(run->path, run->arena, &err))
        hostile_fault(run, "was read, expected a refusal");
    else if (!strstr(err.text, strrchr(run->path, '/') + 1))
        hostile_fault(run, "the sentence does not name the file");
    run->report->files++;
}

/* A file that begins so and goes on for megabytes without a newline. */
static inline hostile_report hostile_endless(const hostile_reader *reader, const char *beginning, long megabytes)
{
    return hostile_fork((hostile_run){.reader = reader, .task = hostile_read_endless, .beginning = beginning, .megabytes = megabytes});
}

#endif
