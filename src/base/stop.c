/* stop.c: the flag. The first signal asks for an orderly end; its handler is then gone, so that a second one ends the process
   as it would any other. */
#include "base/stop.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_int signal_seen; /* lock-free, hence allowed in a handler and read by every thread */

static void remember(int number)
{
    atomic_store(&signal_seen, number);
}

void df_stop_on_signals(void)
{
    struct sigaction action = {.sa_handler = remember, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

int df_stop_signal(void)
{
    return atomic_load(&signal_seen);
}

bool df_may_go_on(df_error *err)
{
    return !df_stop_signal() || df_fail(err, "stopped by a signal");
}
