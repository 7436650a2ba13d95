/* readers.h: every reader of files that strangers may have made, as functions of one shape: bytes in memory, or a file by its path.
   The tests of tests/hostile and the fuzzers of tests/fuzz call the same ones. What a reader accepts is used a little, so that what it
   promises of it is tested too. */
#ifndef DF_TESTS_HOSTILE_READERS_H
#define DF_TESTS_HOSTILE_READERS_H

#include "hostile/file_readers.h"
#include "hostile/set_readers.h"

#endif
