/* miniature.h: face models of a few vertices in other makers' formats, made in code: the exact layout of the licensed files, and
   numbers that a test can compute again. A dome with a nose, smooth columns, known deviations; lengths in mm here, whatever
   the format's unit. Values are functions of row and column, so that nothing needs storing. */
#ifndef DF_TESTS_MINIATURE_H
#define DF_TESTS_MINIATURE_H

#include <hdf5.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum {
    MINI_SIDE = 15,
    MINI_VERTICES = MINI_SIDE * MINI_SIDE,
    MINI_ROWS = 3 * MINI_VERTICES,
    MINI_TRIANGLES = 2 * (MINI_SIDE - 1) * (MINI_SIDE - 1),
    MINI_SHAPE = 6,
    MINI_ALBEDO = 4,
    MINI_EXPRESSIONS = 3,
    MINI_SCANS = 9,
    MINI_SCAN_COMPONENTS = 3,
    MINI_LANDMARKS = 5,
    MINI_PATH = 1024
};

typedef double (*mini_value)(int row, int column);

/* ---- the model ---- */

static inline double mini_across(int vertex) /* -1 .. 1 to the person's left */
{
    return 2.0 * (vertex % MINI_SIDE) / (MINI_SIDE - 1) - 1;
}

static inline double mini_up(int vertex)
{
    return 2.0 * (vertex / MINI_SIDE) / (MINI_SIDE - 1) - 1;
}

static inline double mini_mean(int row, int column)
{
    (void)column;
    const double s = mini_across(row / 3), t = mini_up(row / 3);
    const double point[3] = {75 * s, 100 * t + 3, 80 - 45 * s * s - 25 * t * t + 20 / (1 + 30 * (s * s + t * t))};
    return point[row % 3];
}

/* Columns of length about 1. */
static inline double mini_column(int row, int column)
{
    return sin(0.7 * (column + 1) + 0.9 * (row % 3) + (column + 1) * mini_across(row / 3) + 2 * mini_up(row / 3)) / 18;
}

static inline double mini_deviation(int row, int column)
{
    (void)column;
    return 40.0 / (row + 1);
}

static inline double mini_variance(int row, int column)
{
    return mini_deviation(row, column) * mini_deviation(row, column);
}

static inline double mini_colour(int row, int column)
{
    (void)column;
    static const double skin[3] = {0.74, 0.56, 0.47};
    return skin[row % 3] + 0.05 * mini_across(row / 3);
}

static inline double mini_colour_column(int row, int column)
{
    return cos(0.5 * (column + 1) + (column + 2) * mini_up(row / 3)) / 20;
}

static inline double mini_colour_deviation(int row, int column)
{
    (void)column;
    return 0.6 / (row + 1);
}

static inline double mini_colour_variance(int row, int column)
{
    return mini_colour_deviation(row, column) * mini_colour_deviation(row, column);
}

/* Expressions: a displacement, and columns that open the mouth and so on. */
static inline double mini_offset(int row, int column)
{
    (void)column;
    return row % 3 == 1 ? 2 * mini_across(row / 3) : 0.5;
}

static inline double mini_expression(int row, int column)
{
    return mini_up(row / 3) < -0.2 && row % 3 == 1 ? -(column + 1) / 10.0 : 0;
}

static inline double mini_expression_variance(int row, int column)
{
    (void)column;
    return 25.0 * (row + 1);
}

/* Corner `column` of an outward triangle. */
static inline double mini_corner(int row, int column)
{
    const int cell = row / 2, x = cell % (MINI_SIDE - 1), y = cell / (MINI_SIDE - 1), first = y * MINI_SIDE + x;
    const int corners[2][3] = {{first, first + 1, first + MINI_SIDE}, {first + 1, first + MINI_SIDE + 1, first + MINI_SIDE}};
    return corners[row % 2][column];
}

/* Landmark i of 68, and of the five named ones: any vertices will do that are told apart. */
static inline int mini_landmark(int i)
{
    return (3 * i + 7) % MINI_VERTICES;
}

/* ---- MATLAB 5 ---- */

static inline void mini_put_u32(FILE *file, uint32_t value)
{
    fwrite(&value, sizeof value, 1, file);
}

static inline FILE *mini_mat_open(const char *path)
{
    char header[128];
    FILE *file = fopen(path, "wb");
    if (!file)
        return NULL;
    memset(header, ' ', sizeof header);
    memcpy(header, "MATLAB 5.0 MAT-file, a miniature", 32);
    memset(header + 116, 0, 8);
    memcpy(header + 124, "\x00\x01IM", 4);
    fwrite(header, sizeof header, 1, file);
    return file;
}

/* A single-precision matrix. */
static inline void mini_mat_put(FILE *file, const char *name, int rows, int columns, mini_value value, double factor)
{
    const uint32_t length = (uint32_t)strlen(name), padded = (length + 7) / 8 * 8, data = (uint32_t)(rows * columns) * 4;
    static const char zeros[8] = {0};
    const uint32_t head[] = {
        14, 16 + 16 + 8 + padded + 8 + (data + 7) / 8 * 8, 6, 8, 7 /* single */, 0, 5, 8, (uint32_t)rows, (uint32_t)columns};
    fwrite(head, sizeof head, 1, file);
    mini_put_u32(file, 1);
    mini_put_u32(file, length);
    fwrite(name, 1, length, file);
    fwrite(zeros, 1, padded - length, file);
    mini_put_u32(file, 7);
    mini_put_u32(file, data);
    for (int c = 0; c < columns; c++)
        for (int r = 0; r < rows; r++) {
            const float number = (float)(factor * value(r, c));
            fwrite(&number, sizeof number, 1, file);
        }
    fwrite(zeros, 1, data % 8 ? 4 : 0, file);
}

/* Inward triangles from 1, as BFM 2009 has them. */
static inline double mini_inward(int row, int column)
{
    return 1 + mini_corner(row, (3 - column) % 3);
}

static inline void mini_bfm2009(const char *path)
{
    FILE *file = mini_mat_open(path);
    mini_mat_put(file, "shapeMU", MINI_ROWS, 1, mini_mean, 1000);
    mini_mat_put(file, "shapePC", MINI_ROWS, MINI_SHAPE, mini_column, 1);
    mini_mat_put(file, "shapeEV", MINI_SHAPE, 1, mini_deviation, 1000);
    mini_mat_put(file, "texMU", MINI_ROWS, 1, mini_colour, 255);
    mini_mat_put(file, "texPC", MINI_ROWS, MINI_ALBEDO, mini_colour_column, 1);
    mini_mat_put(file, "texEV", MINI_ALBEDO, 1, mini_colour_deviation, 255);
    mini_mat_put(file, "tl", MINI_TRIANGLES, 3, mini_inward, 1);
    fclose(file);
}

static inline double mini_direction(int row, int column)
{
    (void)column;
    return 0.1 + 0.05 * row;
}

/* Columns longer than the components that are there. */
static inline void mini_attributes(const char *path)
{
    static const char *const names[] = {"gender_shape", "gender_tex", "age_shape",    "age_tex",
                                        "height_shape", "height_tex", "weight_shape", "weight_tex"};
    FILE *file = mini_mat_open(path);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        mini_mat_put(file, names[i], MINI_SHAPE + 2, 1, mini_direction, i % 2 ? -1.0 : 1.0 + (double)i);
    fclose(file);
}

static inline double mini_scaled_column(int row, int column)
{
    return mini_column(row, column) * mini_deviation(column, 0);
}

static inline double mini_scaled_colour_column(int row, int column)
{
    return mini_colour_column(row, column) * mini_colour_deviation(column, 0);
}

static inline double mini_outward(int row, int column)
{
    return 1 + mini_corner(row, column);
}

static inline double mini_keypoint(int row, int column)
{
    (void)row;
    return 1 + mini_landmark(column);
}

/* A row: the transposed of a column. */
static inline double mini_mean_row(int row, int column)
{
    return mini_mean(column, row);
}

static inline double mini_colour_row(int row, int column)
{
    return mini_colour(column, row);
}

static inline void mini_deep3d(const char *path)
{
    FILE *file = mini_mat_open(path);
    mini_mat_put(file, "meanshape", 1, MINI_ROWS, mini_mean_row, 0.01);
    mini_mat_put(file, "meantex", 1, MINI_ROWS, mini_colour_row, 255);
    mini_mat_put(file, "idBase", MINI_ROWS, MINI_SHAPE, mini_scaled_column, 0.01);
    mini_mat_put(file, "texBase", MINI_ROWS, MINI_ALBEDO, mini_scaled_colour_column, 255);
    mini_mat_put(file, "exBase", MINI_ROWS, MINI_EXPRESSIONS, mini_expression, 0.01);
    mini_mat_put(file, "tri", MINI_TRIANGLES, 3, mini_outward, 1);
    mini_mat_put(file, "keypoints", 1, 68, mini_keypoint, 1);
    fclose(file);
}

/* ---- HDF5 ---- */

static inline void mini_h5_put(hid_t file, const char *path, int rows, int columns, mini_value value, hid_t type)
{
    float numbers[MINI_ROWS * MINI_SHAPE];
    const hsize_t shape[2] = {(hsize_t)rows, (hsize_t)columns};
    for (int r = 0; r < rows; r++)
        for (int c = 0; c < columns; c++)
            numbers[r * columns + c] = (float)value(r, c);
    const hid_t links = H5Pcreate(H5P_LINK_CREATE), space = H5Screate_simple(columns == 1 ? 1 : 2, shape, NULL);
    H5Pset_create_intermediate_group(links, 1);
    const hid_t set = H5Dcreate2(file, path, type, space, links, H5P_DEFAULT, H5P_DEFAULT);
    H5Dwrite(set, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers);
    H5Dclose(set);
    H5Sclose(space);
    H5Pclose(links);
}

static inline void mini_h5_text(hid_t file, const char *path, const char *text)
{
    const hid_t links = H5Pcreate(H5P_LINK_CREATE), space = H5Screate(H5S_SCALAR), type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, strlen(text) + 1);
    H5Pset_create_intermediate_group(links, 1);
    const hid_t set = H5Dcreate2(file, path, type, space, links, H5P_DEFAULT, H5P_DEFAULT);
    H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, text);
    H5Dclose(set);
    H5Tclose(type);
    H5Sclose(space);
    H5Pclose(links);
}

static inline double mini_point(int row, int column)
{
    return mini_mean(3 * column + row, 0);
}

static inline double mini_cell(int row, int column)
{
    return mini_corner(column, row);
}

static inline void mini_h5_landmarks(hid_t file)
{
    char text[1024] = "[";
    for (int i = 0; i < MINI_LANDMARKS; i++) {
        const int row = 3 * mini_landmark(i);
        const size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s{\"id\": \"side.part %d\", \"coordinates\": [%.6f, %.6f, %.6f]}", i ? ", " : "", i,
                 mini_mean(row, 0), mini_mean(row + 1, 0), mini_mean(row + 2, 0));
    }
    strncat(text, "]\n", sizeof text - strlen(text) - 1);
    mini_h5_text(file, "metadata/landmarks/json", text);
}

/* `has_expressions`: as BFM 2017 and 2019, else as older files. */
static inline void mini_statismo(const char *path, int has_expressions)
{
    const hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    mini_h5_put(file, "shape/model/mean", MINI_ROWS, 1, mini_mean, H5T_IEEE_F32LE);
    mini_h5_put(file, "shape/model/pcaBasis", MINI_ROWS, MINI_SHAPE, mini_column, H5T_IEEE_F32LE);
    mini_h5_put(file, "shape/model/pcaVariance", MINI_SHAPE, 1, mini_variance, H5T_IEEE_F32LE);
    mini_h5_put(file, "shape/representer/points", 3, MINI_VERTICES, mini_point, H5T_IEEE_F32LE);
    mini_h5_put(file, "shape/representer/cells", 3, MINI_TRIANGLES, mini_cell, has_expressions ? H5T_STD_I32LE : H5T_STD_U32LE);
    mini_h5_put(file, "color/model/mean", MINI_ROWS, 1, mini_colour, H5T_IEEE_F32LE);
    mini_h5_put(file, "color/model/pcaBasis", MINI_ROWS, MINI_ALBEDO, mini_colour_column, H5T_IEEE_F32LE);
    mini_h5_put(file, "color/model/pcaVariance", MINI_ALBEDO, 1, mini_colour_variance, H5T_IEEE_F32LE);
    if (has_expressions) {
        mini_h5_put(file, "expression/model/mean", MINI_ROWS, 1, mini_offset, H5T_IEEE_F32LE);
        mini_h5_put(file, "expression/model/pcaBasis", MINI_ROWS, MINI_EXPRESSIONS, mini_expression, H5T_IEEE_F32LE);
        mini_h5_put(file, "expression/model/pcaVariance", MINI_EXPRESSIONS, 1, mini_expression_variance, H5T_IEEE_F32LE);
    }
    mini_h5_landmarks(file);
    H5Fclose(file);
}

/* ---- meshes in folders ---- */

/* Row of scan `index`: mean plus known coefficients of the first columns. */
static inline double mini_scan_coefficient(int scan, int component)
{
    return sin(1.0 + 1.7 * scan * (component + 1) + component);
}

static inline double mini_scan(int scan, int row)
{
    double value = mini_mean(row, 0);
    for (int k = 0; k < MINI_SCAN_COMPONENTS; k++)
        value += mini_scan_coefficient(scan, k) * mini_deviation(k, 0) * mini_column(row, k);
    return value;
}

static inline double mini_scan_colour(int scan, int row)
{
    return mini_colour(row, 0) + 0.1 * mini_scan_coefficient(scan, 1) * mini_colour_column(row, 0);
}

static inline void mini_scan_ply(const char *path, int scan)
{
    FILE *file = fopen(path, "w");
    fprintf(file,
            "ply\nformat ascii 1.0\nelement vertex %d\nproperty float x\nproperty float y\nproperty float z\nproperty float red\n"
            "property float green\nproperty float blue\nelement face %d\nproperty list uchar int vertex_indices\nend_header\n",
            MINI_VERTICES, MINI_TRIANGLES);
    for (int v = 0; v < MINI_VERTICES; v++) {
        for (int axis = 0; axis < 3; axis++)
            fprintf(file, "%.9g ", mini_scan(scan, 3 * v + axis));
        for (int c = 0; c < 3; c++)
            fprintf(file, "%.9g ", mini_scan_colour(scan, 3 * v + c));
        fprintf(file, "\n");
    }
    for (int t = 0; t < MINI_TRIANGLES; t++)
        fprintf(file, "3 %d %d %d\n", (int)mini_corner(t, 0), (int)mini_corner(t, 1), (int)mini_corner(t, 2));
    fclose(file);
}

/* `turn`: radians about the y axis, and a shift, that alignment has to undo. */
static inline void mini_scan_obj(const char *path, int scan, double turn)
{
    FILE *file = fopen(path, "w");
    for (int v = 0; v < MINI_VERTICES; v++) {
        const double x = mini_scan(scan, 3 * v), y = mini_scan(scan, 3 * v + 1), z = mini_scan(scan, 3 * v + 2);
        fprintf(file, "v %.9g %.9g %.9g\n", cos(turn) * x + sin(turn) * z + 10 * turn, y, cos(turn) * z - sin(turn) * x);
    }
    for (int t = 0; t < MINI_TRIANGLES; t++)
        fprintf(file, "f %d %d %d\n", 1 + (int)mini_corner(t, 0), 1 + (int)mini_corner(t, 1), 1 + (int)mini_corner(t, 2));
    fclose(file);
}

static inline void mini_scans(const char *folder)
{
    char path[MINI_PATH + 32];
    mkdir(folder, 0777);
    for (int i = 0; i < MINI_SCANS; i++) {
        snprintf(path, sizeof path, "%s/scan%02d.ply", folder, i);
        mini_scan_ply(path, i);
    }
}

/* The mean plus `factor` times a column, in centimetres. */
static inline void mini_ict_obj(const char *path, mini_value column, int k, double factor)
{
    FILE *file = fopen(path, "w");
    for (int v = 0; v < MINI_VERTICES; v++) {
        fprintf(file, "v");
        for (int row = 3 * v; row < 3 * v + 3; row++)
            fprintf(file, " %.9g", (mini_mean(row, 0) + factor * column(row, k)) / 10);
        fprintf(file, "\n");
    }
    for (int y = 0; y < MINI_SIDE - 1; y++)
        for (int x = 1; x < MINI_SIDE; x++) {
            const int first = y * MINI_SIDE + x;
            fprintf(file, "f %d %d %d %d\n", first, first + 1, first + 1 + MINI_SIDE, first + MINI_SIDE);
        }
    fclose(file);
}

static inline void mini_ict_folder(const char *folder)
{
    static const char *const expressions[] = {"jawOpen", "mouthSmile_L"};
    char path[MINI_PATH + 64];
    mkdir(folder, 0777);
    snprintf(path, sizeof path, "%s/generic_neutral_mesh.obj", folder);
    mini_ict_obj(path, mini_column, 0, 0);
    for (int k = 0; k < MINI_SHAPE; k++) {
        snprintf(path, sizeof path, "%s/identity%03d.obj", folder, k);
        mini_ict_obj(path, mini_column, k, mini_deviation(k, 0));
    }
    for (int k = 0; k < 2; k++) {
        snprintf(path, sizeof path, "%s/%s.obj", folder, expressions[k]);
        mini_ict_obj(path, mini_expression, k, 10);
    }
}

#endif
