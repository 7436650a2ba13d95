/* event_file.h: numbers of a training as TensorBoard reads them: records of TensorFlow's format (length, masked CRC-32C of the length,
   data, masked CRC-32C of the data), each with one message Event of tensorflow/core/util/event.proto in protocol buffers' wire format.

       df_text bytes = {0};
       event_file_begin(&bytes, wall);
       event_file_add(&bytes, wall, step, values, count);      // and write them to a file with "tfevents" in its name

   Numbers are float32 there (field simple_value), wall time is in seconds since 1970. */
#ifndef DF_TRAIN_EVENT_FILE_H
#define DF_TRAIN_EVENT_FILE_H

#include "base/text.h"

/* A number of a training under its name: "loss", "valid/accuracy". What stands before the slash is TensorBoard's group. */
typedef struct run_value {
    const char *name;
    double value;
} run_value;

/* The first record of a file: the format's version. */
DF_API void event_file_begin(df_text *out, double wall);

/* All values of a step as one record; those that are not finite are left out. */
DF_API void event_file_add(df_text *out, double wall, int64_t step, const run_value *values, size_t count);

#endif
