/* likeness.c: the table of features and what is common to them: a grey patch before, unit length after. */
#include "dataset/likeness.h"

#include <math.h>
#include <string.h>

enum { PIXELS_SIDE = 24, GRADIENTS_SIDE = 48, CELL = 8, CELLS = GRADIENTS_SIDE / CELL, ORIENTATIONS = 8, LANES = 16 };

static const float PI = 3.14159265f;
static const float SMALLEST = 1e-6f; /* contrast below this is none */

static void pixels_of(const float *patch, float *out)
{
    float mean = 0;
    for (int i = 0; i < PIXELS_SIDE * PIXELS_SIDE; i++)
        mean += patch[i];
    mean /= PIXELS_SIDE * PIXELS_SIDE;
    for (int i = 0; i < PIXELS_SIDE * PIXELS_SIDE; i++)
        out[i] = patch[i] - mean;
}

static void pixels_mirror(const float *in, float *out)
{
    for (int y = 0; y < PIXELS_SIDE; y++)
        for (int x = 0; x < PIXELS_SIDE; x++)
            out[y * PIXELS_SIDE + x] = in[y * PIXELS_SIDE + PIXELS_SIDE - 1 - x];
}

static float patch_at(const float *patch, int x, int y)
{
    const int last = GRADIENTS_SIDE - 1;
    x = x < 0 ? 0 : x > last ? last : x;
    y = y < 0 ? 0 : y > last ? last : y;
    return patch[y * GRADIENTS_SIDE + x];
}

/* A pixel's gradient goes to the two orientations and the up to four cells nearest to it. */
static void vote(float cells[CELLS][CELLS][ORIENTATIONS], int x, int y, float dx, float dy)
{
    const float strength = sqrtf(dx * dx + dy * dy);
    float turn = atan2f(dy, dx) / PI * ORIENTATIONS; /* a dark and a light side are alike: half a turn is the whole circle */
    turn = turn < 0 ? turn + ORIENTATIONS : turn;
    const int first = (int)turn;
    const float past = turn - (float)first;
    const float cx = ((float)x + 0.5f) / CELL - 0.5f, cy = ((float)y + 0.5f) / CELL - 0.5f;
    const int left = (int)floorf(cx), top = (int)floorf(cy);
    for (int j = top; j <= top + 1; j++)
        for (int i = left; i <= left + 1; i++) {
            if (i < 0 || j < 0 || i >= CELLS || j >= CELLS)
                continue;
            const float share = strength * (1 - fabsf(cx - (float)i)) * (1 - fabsf(cy - (float)j));
            cells[j][i][first % ORIENTATIONS] += share * (1 - past);
            cells[j][i][(first + 1) % ORIENTATIONS] += share * past;
        }
}

/* Energy of a cell and its neighbours. */
static float block_energy(const float cells[CELLS][CELLS][ORIENTATIONS], int i, int j)
{
    float sum = 0;
    for (int y = j > 0 ? j - 1 : 0; y <= j + 1 && y < CELLS; y++)
        for (int x = i > 0 ? i - 1 : 0; x <= i + 1 && x < CELLS; x++)
            for (int o = 0; o < ORIENTATIONS; o++)
                sum += cells[y][x][o] * cells[y][x][o];
    return sum;
}

static void gradients_of(const float *patch, float *out)
{
    float cells[CELLS][CELLS][ORIENTATIONS];
    memset(cells, 0, sizeof cells);
    for (int y = 0; y < GRADIENTS_SIDE; y++)
        for (int x = 0; x < GRADIENTS_SIDE; x++)
            vote(cells, x, y, patch_at(patch, x + 1, y) - patch_at(patch, x - 1, y), patch_at(patch, x, y + 1) - patch_at(patch, x, y - 1));
    float mean = 0;
    for (int j = 0; j < CELLS; j++)
        for (int i = 0; i < CELLS; i++) {
            const float energy = sqrtf(block_energy(cells, i, j)) + 0.1f; /* noise of flat parts stays small */
            for (int o = 0; o < ORIENTATIONS; o++) {
                float *to = &out[(j * CELLS + i) * ORIENTATIONS + o];
                mean += *to = cells[j][i][o] / energy;
            }
        }
    mean /= CELLS * CELLS * ORIENTATIONS;
    for (int k = 0; k < CELLS * CELLS * ORIENTATIONS; k++)
        out[k] -= mean;
}

/* Orientation k stands for k / 8 of half a turn; mirrored it is the rest. */
static void gradients_mirror(const float *in, float *out)
{
    for (int j = 0; j < CELLS; j++)
        for (int i = 0; i < CELLS; i++)
            for (int o = 0; o < ORIENTATIONS; o++)
                out[(j * CELLS + i) * ORIENTATIONS + o] =
                    in[(j * CELLS + CELLS - 1 - i) * ORIENTATIONS + (ORIENTATIONS - o) % ORIENTATIONS];
}

static const likeness_feature features[] = {
    {.name = "pixels", .side = PIXELS_SIDE, .length = PIXELS_SIDE * PIXELS_SIDE, .of = pixels_of, .mirror = pixels_mirror},
    {.name = "gradients", .side = GRADIENTS_SIDE, .length = CELLS * CELLS * ORIENTATIONS, .of = gradients_of, .mirror = gradients_mirror},
};

const likeness_feature *likeness_feature_at(int index)
{
    return index >= 0 && index < (int)DF_ARRAY_LEN(features) ? &features[index] : NULL;
}

int likeness_length(unsigned chosen)
{
    int length = 0;
    for (unsigned k = 0; k < DF_ARRAY_LEN(features); k++)
        length += chosen >> k & 1 ? features[k].length : 0;
    return length;
}

/* ---- the patch ---- */

static bool to_grey(const image *in, image *out, df_arena *arena, df_error *err)
{
    image bytes;
    return image_convert(in, IMAGE_U8, &bytes, arena, err) && image_to_channels(&bytes, 1, out, arena, err);
}

/* The square [x, x + side) x [y, y + side) of a grey image. */
static bool cut_square(const image *grey, int x, int y, int side, image *out, df_arena *arena, df_error *err)
{
    const uint8_t *from = grey->data;
    if (!image_new(out, side, side, 1, IMAGE_U8, arena, err))
        return false;
    uint8_t *to = out->data;
    for (int row = 0; row < side; row++) {
        const int v = y + row < 0 ? 0 : y + row >= grey->height ? grey->height - 1 : y + row;
        for (int column = 0; column < side; column++) {
            const int u = x + column < 0 ? 0 : x + column >= grey->width ? grey->width - 1 : x + column;
            to[(size_t)row * (size_t)side + (size_t)column] = from[(size_t)v * (size_t)grey->width + (size_t)u];
        }
    }
    return true;
}

bool likeness_crop(const image *in, const float box[4], image *out, df_arena *arena, df_error *err)
{
    image grey;
    if (!to_grey(in, &grey, arena, err))
        return false;
    if (!box) {
        *out = grey;
        return true;
    }
    const float side = roundf(fmaxf(box[2], box[3])), most = (float)(in->width > in->height ? in->width : in->height);
    const float x = roundf(box[0] + (box[2] - side) / 2), y = roundf(box[1] + (box[3] - side) / 2);
    if (!(side >= 1 && side <= 4 * most && side <= IMAGE_MAX_SIDE) || !(fabsf(x) <= 4 * most) || !(fabsf(y) <= 4 * most))
        return df_fail(err, "a box of %g x %g pixels at (%g, %g) in an image of %d x %d", (double)box[2], (double)box[3], (double)box[0],
                       (double)box[1], in->width, in->height);
    return cut_square(&grey, (int)x, (int)y, (int)side, out, arena, err);
}

/* ---- the vector ---- */

/* Sums in sixteen lanes, so that the loop becomes vector code and the order stays. */
static double squares(const float *a, const float *b, int length)
{
    double lanes[LANES] = {0}, sum = 0;
    int i = 0;
    for (; i + LANES <= length; i += LANES)
        for (int lane = 0; lane < LANES; lane++) {
            const float d = a[i + lane] - (b ? b[i + lane] : 0.0f);
            lanes[lane] += (double)(d * d);
        }
    for (; i < length; i++) {
        const float d = a[i] - (b ? b[i] : 0.0f);
        sum += (double)(d * d);
    }
    for (int lane = 0; lane < LANES; lane++)
        sum += lanes[lane];
    return sum;
}

static void scale_to(float *vector, int length, float wanted)
{
    const float norm = sqrtf((float)squares(vector, NULL, length));
    const float factor = norm > SMALLEST ? wanted / norm : 0;
    for (int i = 0; i < length; i++)
        vector[i] *= factor;
    if (factor == 0) /* no contrast: all such images are alike */
        for (int i = 0; i < length; i++)
            vector[i] = wanted / sqrtf((float)length);
}

static bool feature_of(const likeness_feature *feature, const image *crop, float *out, df_arena *scratch, df_error *err)
{
    image patch, small;
    if (!image_convert(crop, IMAGE_FLOAT, &patch, scratch, err) ||
        !image_resize(&patch, feature->side, feature->side, &small, scratch, err))
        return false;
    feature->of(small.data, out);
    return true;
}

bool likeness_of(const image *crop, unsigned chosen, float *out, df_arena *scratch, df_error *err)
{
    const float wanted = 1 / sqrtf((float)__builtin_popcount(chosen));
    int at = 0;
    for (unsigned k = 0; k < DF_ARRAY_LEN(features); k++) {
        const df_arena_mark mark = df_arena_save(scratch);
        if (!(chosen >> k & 1))
            continue;
        if (!feature_of(&features[k], crop, out + at, scratch, err))
            return false;
        scale_to(out + at, features[k].length, wanted);
        at += features[k].length;
        df_arena_restore(scratch, mark);
    }
    return true;
}

void likeness_mirror(const float *in, unsigned chosen, float *out)
{
    int at = 0;
    for (unsigned k = 0; k < DF_ARRAY_LEN(features); k++)
        if (chosen >> k & 1) {
            features[k].mirror(in + at, out + at);
            at += features[k].length;
        }
}

float likeness_distance(const float *a, const float *b, int length)
{
    return sqrtf((float)squares(a, b, length));
}
