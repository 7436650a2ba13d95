/* event_file.c: fields by their numbers in event.proto and summary.proto. */
#include "train/event_file.h"

#include <math.h>
#include <string.h>

#include "train/crc32c.h"

enum { EVENT_WALL_TIME = 1, EVENT_STEP = 2, EVENT_FILE_VERSION = 3, EVENT_SUMMARY = 5, SUMMARY_VALUE = 1, VALUE_TAG = 1, VALUE_SIMPLE = 2 };
typedef enum wire { WIRE_VARINT = 0, WIRE_64_BIT = 1, WIRE_BYTES = 2, WIRE_32_BIT = 5 } wire;
static const char version[] = "brain.Event:2";

static void add_little_endian(df_text *out, uint64_t value, int bytes)
{
    char data[8];
    for (int i = 0; i < bytes; i++)
        data[i] = (char)(value >> 8 * i & 0xff);
    df_text_add_bytes(out, data, (size_t)bytes);
}

static void add_varint(df_text *out, uint64_t value)
{
    for (; value > 0x7f; value >>= 7)
        add_little_endian(out, 0x80 | (value & 0x7f), 1);
    add_little_endian(out, value, 1);
}

static void add_key(df_text *out, int field, wire type)
{
    add_varint(out, (uint64_t)field << 3 | type);
}

static void add_bytes(df_text *out, int field, const char *data, size_t size)
{
    add_key(out, field, WIRE_BYTES);
    add_varint(out, size);
    df_text_add_bytes(out, data, size);
}

static void add_text(df_text *out, int field, const df_text *text)
{
    add_bytes(out, field, text->data ? text->data : "", text->size);
    out->failed |= text->failed;
}

static void add_wall_time(df_text *event, double wall)
{
    uint64_t bits;
    memcpy(&bits, &wall, sizeof bits);
    add_key(event, EVENT_WALL_TIME, WIRE_64_BIT);
    add_little_endian(event, bits, 8);
}

static void add_value(df_text *summary, const run_value *value)
{
    const float number = (float)value->value;
    uint32_t bits;
    df_text text = {0};
    memcpy(&bits, &number, sizeof bits);
    add_bytes(&text, VALUE_TAG, value->name, strlen(value->name));
    add_key(&text, VALUE_SIMPLE, WIRE_32_BIT);
    add_little_endian(&text, bits, 4);
    add_text(summary, SUMMARY_VALUE, &text);
    df_text_free(&text);
}

static void add_record(df_text *out, const df_text *event)
{
    unsigned char length[8];
    for (size_t i = 0; i < sizeof length; i++)
        length[i] = (unsigned char)((uint64_t)event->size >> 8 * i & 0xff);
    add_little_endian(out, event->size, 8);
    add_little_endian(out, crc32c_masked(length, sizeof length), 4);
    df_text_add_bytes(out, event->data ? event->data : "", event->size);
    add_little_endian(out, crc32c_masked(event->data ? event->data : "", event->size), 4);
    out->failed |= event->failed;
}

void event_file_begin(df_text *out, double wall)
{
    df_text event = {0};
    add_wall_time(&event, wall);
    add_bytes(&event, EVENT_FILE_VERSION, version, sizeof version - 1);
    add_record(out, &event);
    df_text_free(&event);
}

void event_file_add(df_text *out, double wall, int64_t step, const run_value *values, size_t count)
{
    df_text event = {0}, summary = {0};
    add_wall_time(&event, wall);
    add_key(&event, EVENT_STEP, WIRE_VARINT);
    add_varint(&event, (uint64_t)step);
    for (size_t i = 0; i < count; i++)
        if (isfinite(values[i].value))
            add_value(&summary, &values[i]);
    add_text(&event, EVENT_SUMMARY, &summary);
    add_record(out, &event);
    df_text_free(&summary);
    df_text_free(&event);
}
