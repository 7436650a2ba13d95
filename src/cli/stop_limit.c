/* stop_limit.c: a thread that looks at the stop flag a few times a second, and gives the work a second and a half from then on. */
#include "cli/stop_limit.h"

#include <pthread.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/stop.h"

enum { LOOK_MS = 100, WAIT_MS = 1500, EXIT_SIGNAL = 128 };

static void sleep_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

static void *watch(void *sentence)
{
    while (!df_stop_signal())
        sleep_ms(LOOK_MS);
    sleep_ms(WAIT_MS);
    fprintf(stderr, "diffuse: %s\n", (const char *)sentence);
    _exit(EXIT_SIGNAL + df_stop_signal());
}

void stop_limit_start(const char *sentence)
{
    union { /* the thread only reads */
        const char *text;
        void *argument;
    } shared = {.text = sentence};
    pthread_t thread;
    if (pthread_create(&thread, NULL, watch, shared.argument) == 0)
        pthread_detach(thread);
}
