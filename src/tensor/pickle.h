/* pickle.h: Python's pickle format (protocols 2 to 4) as files of weights use it: numbers, texts, lists, dictionaries, and calls of a
   few named functions. Nothing is executed: a call is kept as what it says, for torch.c to understand. Opcodes and names are those
   that such files use (pickle_globals.h lists the names); every other one is refused by name, and so are persistent ids
   that are not torch's storages. After pickletools.py of Python's library. */
#ifndef DF_TENSOR_PICKLE_H
#define DF_TENSOR_PICKLE_H

#include "base/file.h"
#include "tensor/pickle_globals.h"

typedef enum pickle_kind {
    PICKLE_NONE,
    PICKLE_TRUTH,
    PICKLE_INTEGER,
    PICKLE_BIG, /* an integer of more than 8 bytes: its bytes, little endian */
    PICKLE_NUMBER,
    PICKLE_TEXT, /* valid UTF-8 */
    PICKLE_BYTES,
    PICKLE_LIST,
    PICKLE_TUPLE,
    PICKLE_SET,
    PICKLE_DICT,   /* items: key, value, key, value, ... */
    PICKLE_GLOBAL, /* a name */
    PICKLE_CALL,   /* of a name, with a tuple of arguments; state: what BUILD set, or NULL */
    PICKLE_STORAGE /* a persistent id: a tuple ("storage", class, key, location, elements [, view]) */
} pickle_kind;

typedef struct pickle_value pickle_value;
struct pickle_value {
    pickle_kind kind;
    union {
        bool truth;
        int64_t integer;
        double number;
        df_bytes bytes; /* of texts, bytes and big integers; in the pickle */
        struct {
            pickle_value **items;
            size_t count, room;
            bool is_ordered; /* a dictionary that collections.OrderedDict made */
        } list;              /* of lists, tuples, sets and dictionaries */
        struct {
            const pickle_global *name;
            pickle_value *arguments, *state;
        } call; /* and of names */
        struct {
            const pickle_value *id;   /* a tuple of at least five */
            const pickle_value *next; /* the storage before it in the pickle, or NULL */
        } storage;
    };
};

typedef struct pickle {
    const pickle_value *value;
    const pickle_value *storages; /* all, from the last one on; NULL: none */
    size_t size;                  /* bytes that it has */
} pickle;

/* Reads one pickle from the start of `bytes`. Values live in `arena` and point into `bytes`; a value may be reached on several ways,
   and through itself. Errors name the byte. */
bool pickle_parse(df_bytes bytes, df_arena *arena, pickle *out, df_error *err) DF_CHECKED;

/* The value of a text key; NULL where there is none or `dict` is no dictionary. */
const pickle_value *pickle_member(const pickle_value *dict, const char *key);

/* Whether the value is this text. */
bool pickle_is_text(const pickle_value *value, const char *text);

#endif
