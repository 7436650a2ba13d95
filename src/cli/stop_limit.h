/* stop_limit.h: after SIGINT or SIGTERM a command ends between two pieces of work; where one piece takes long (an image of 8192 x
   8192), this ends the program anyway. Only for commands whose files survive that: everything written beside and renamed. */
#ifndef DF_CLI_STOP_LIMIT_H
#define DF_CLI_STOP_LIMIT_H

/* Watches until the program ends. `sentence` is printed when time is over; it must live as long. */
void stop_limit_start(const char *sentence);

#endif
