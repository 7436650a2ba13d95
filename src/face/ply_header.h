/* ply_header.h: what a PLY file's header declares, and its values one by one; for ply.c. */
#ifndef DF_FACE_PLY_HEADER_H
#define DF_FACE_PLY_HEADER_H

#include "face/scan_text.h"

enum { PLY_MOST_ELEMENTS = 16, PLY_MOST_PROPERTIES = 64, PLY_NAME = 32 };

typedef enum ply_format { PLY_ASCII, PLY_LITTLE, PLY_BIG } ply_format;

typedef enum ply_type { PLY_I8, PLY_U8, PLY_I16, PLY_U16, PLY_I32, PLY_U32, PLY_F32, PLY_F64, PLY_TYPE_COUNT } ply_type;

typedef struct ply_property {
    char name[PLY_NAME];
    ply_type type, length_type; /* the latter of a list's length */
    bool is_list;
} ply_property;

typedef struct ply_element {
    char name[PLY_NAME];
    size_t count; /* rows; the file is long enough for one byte of each property of each */
    int property_count;
    ply_property properties[PLY_MOST_PROPERTIES];
} ply_element;

typedef struct ply_header {
    ply_format format;
    int element_count;
    ply_element elements[PLY_MOST_ELEMENTS];
} ply_header;

/* Reads the header at the text's beginning and leaves the text behind it. */
bool ply_header_read(scan_text *text, ply_header *out, df_error *err) DF_CHECKED;

/* The next value of the body. Fails at its end and where it is no finite number. */
bool ply_value(scan_text *text, ply_format format, ply_type type, double *out, df_error *err) DF_CHECKED;

/* What an integer type can hold at most, which stands for 1 in colours; 1 for floats. */
double ply_type_most(ply_type type);

/* Bytes of a value in binary files. */
size_t ply_type_bytes(ply_type type);

#endif
