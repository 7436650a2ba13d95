/* conv_kernel.c: tiles (conv_winograd.h) where they are faster; else a primitive of oneDNN for the layouts that the plan has, or, where it
   has only its slow one for them, for those that it chooses itself. What is not as the primitive wants it (the weights, mostly) is
   brought there and back in scratch memory, or once for all where it is fixed. */
#include "nn/conv_kernel.h"

#include <math.h>
#include <string.h>

#include "nn/conv_winograd.h"
#include "nn/device.h"

enum { ROLES = 3, ARGUMENTS = 5, ALIGNMENT = 64 };
typedef enum role { X, W, Y } role; /* arrays of a convolution, in oneDNN's words src, weights, dst */

/* One array of the convolution: as the plan has it, and as the kernel wants it. */
typedef struct side {
    int input;                   /* of the step; -1: its result */
    dnnl_memory_t given, wanted; /* the same object where no reorder is needed */
    dnnl_primitive_t in, out;    /* reorders to wanted, of what is read, and from it, of the result; NULL: none */
    size_t place;                /* of `wanted` in the scratch memory */
    void *kept;                  /* or here, of a fixed input */
} side;

typedef struct conv_state {
    nn_conv_tiles *tiles; /* not NULL: it is done by these, and the rest is unused */
    nn_conv_kind kind;
    int offset, other;
    side sides[ROLES];
    dnnl_primitive_t primitive;
    dnnl_memory_t offsets, scratchpad;
    size_t scratchpad_place;
} conv_state;

static const int arguments[ROLES] = {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST};
static const int diff_arguments[ROLES] = {DNNL_ARG_DIFF_SRC, DNNL_ARG_DIFF_WEIGHTS, DNNL_ARG_DIFF_DST};

static role result_of(nn_conv_kind kind)
{
    return kind == NN_CONV_FORWARD ? Y : kind == NN_CONV_INPUT ? X : W;
}

/* oneDNN names gradients apart: of the backward kinds the result and dy. */
static int argument_of(nn_conv_kind kind, role r)
{
    const bool is_gradient = kind != NN_CONV_FORWARD && (r == result_of(kind) || r == Y);
    return (is_gradient ? diff_arguments : arguments)[r];
}

/* ---- descriptions ---- */

typedef dnnl_memory_desc_t forms[ROLES];

static bool image_form(const nn_conv_array *array, dnnl_memory_desc_t *given, dnnl_memory_desc_t *any, df_error *err)
{
    const int64_t *size = array->shape->size;
    const dnnl_dims_t dims = {size[0], size[1], size[2], size[3]};
    const dnnl_format_tag_t tag = array->layout == NN_PLAIN ? dnnl_abcd : nn_block() == 16 ? dnnl_aBcd16b : dnnl_aBcd8b;
    return nn_device_check(dnnl_memory_desc_init_by_tag(given, 4, dims, dnnl_f32, tag), "form", err) &&
           nn_device_check(dnnl_memory_desc_init_by_tag(any, 4, dims, dnnl_f32, dnnl_format_tag_any), "form", err);
}

static bool weight_form(const nn_conv_array *array, int64_t groups, dnnl_memory_desc_t *given, dnnl_memory_desc_t *any, df_error *err)
{
    const int64_t *size = array->shape->size;
    const bool is_grouped = groups > 1;
    const dnnl_dims_t plain = {size[0], size[1], size[2], size[3]}, grouped = {groups, size[0] / groups, size[1], size[2], size[3]};
    const int64_t *dims = is_grouped ? grouped : plain;
    const int rank = is_grouped ? 5 : 4;
    return nn_device_check(dnnl_memory_desc_init_by_tag(given, rank, dims, dnnl_f32, is_grouped ? dnnl_abcde : dnnl_abcd), "form", err) &&
           nn_device_check(dnnl_memory_desc_init_by_tag(any, rank, dims, dnnl_f32, dnnl_format_tag_any), "form", err);
}

static bool add_bend(dnnl_post_ops_t posts, const nn_form *form, df_error *err)
{
    const float slope = form->real[NN_BEND_AT], gain = form->real[NN_BEND_AT + 1], top = form->real[NN_BEND_AT + 2];
    if (!form->whole[NN_BENDS])
        return true;
    return nn_device_check(isinf(top) ? dnnl_post_ops_append_eltwise(posts, gain, dnnl_eltwise_relu, slope, 0)
                                      : dnnl_post_ops_append_eltwise(posts, 1, dnnl_eltwise_clip, 0, top),
                           "ReLU", err);
}

static bool make_attributes(const nn_step *step, bool has_sum, dnnl_primitive_attr_t *out, df_error *err)
{
    dnnl_post_ops_t posts = NULL;
    const bool ok =
        nn_device_check(dnnl_primitive_attr_create(out), "attributes", err) &&
        nn_device_check(dnnl_primitive_attr_set_scratchpad_mode(*out, dnnl_scratchpad_mode_user), "scratchpad", err) &&
        nn_device_check(dnnl_primitive_attr_set_fpmath_mode(*out, step->device->bfloat16 ? dnnl_fpmath_mode_bf16 : dnnl_fpmath_mode_strict),
                        "bfloat16", err) &&
        nn_device_check(dnnl_post_ops_create(&posts), "chain", err) &&
        (!has_sum || nn_device_check(dnnl_post_ops_append_sum(posts, 1), "sum", err)) && add_bend(posts, &step->node->form, err) &&
        nn_device_check(dnnl_primitive_attr_set_post_ops(*out, posts), "chain", err);
    if (posts)
        dnnl_post_ops_destroy(posts);
    return ok;
}

typedef struct wish {
    const nn_step *step;
    nn_conv_kind kind;
    const dnnl_memory_desc_t *offsets; /* NULL: none */
    dnnl_primitive_attr_t attributes;
} wish;

static dnnl_status_t describe(const wish *w, const dnnl_memory_desc_t *form, dnnl_primitive_desc_t *out)
{
    const int64_t *whole = w->step->node->form.whole;
    const dnnl_dims_t stride = {whole[NN_CONV_STRIDE], whole[NN_CONV_STRIDE + 1]}, pad = {whole[NN_CONV_PAD], whole[NN_CONV_PAD + 1]};
    dnnl_engine_t engine = w->step->device->engine;
    dnnl_primitive_desc_t forward = NULL;
    dnnl_convolution_desc_t desc;
    dnnl_status_t status = dnnl_convolution_forward_desc_init(&desc, dnnl_forward_training, dnnl_convolution_direct, &form[X], &form[W],
                                                              w->offsets, &form[Y], stride, pad, pad);
    if (status == dnnl_success)
        status = dnnl_primitive_desc_create(w->kind == NN_CONV_FORWARD ? out : &forward, &desc, w->attributes, engine, NULL);
    if (status != dnnl_success || w->kind == NN_CONV_FORWARD)
        return status;
    status = w->kind == NN_CONV_INPUT
                 ? dnnl_convolution_backward_data_desc_init(&desc, dnnl_convolution_direct, &form[X], &form[W], &form[Y], stride, pad, pad)
                 : dnnl_convolution_backward_weights_desc_init(&desc, dnnl_convolution_direct, &form[X], &form[W], NULL, &form[Y], stride,
                                                               pad, pad);
    if (status == dnnl_success)
        status = dnnl_primitive_desc_create(out, &desc, w->attributes, engine, forward);
    dnnl_primitive_desc_destroy(forward);
    return status;
}

static bool is_fast(const_dnnl_primitive_desc_t pd)
{
    const char *name = "";
    return dnnl_primitive_desc_query(pd, dnnl_query_impl_info_str, 0, (void *)&name) == dnnl_success && strncmp(name, "ref", 3) != 0 &&
           strncmp(name, "gemm", 4) != 0;
}

/* For the layouts of the plan where oneDNN has a fast kernel for them, else for those that it likes best. */
static bool choose(const wish *w, const forms given, const forms any, dnnl_primitive_desc_t *out, df_error *err)
{
    forms form;
    memcpy(form, given, sizeof form);
    form[W] = any[W];
    if (describe(w, form, out) == dnnl_success) {
        if (is_fast(*out))
            return true;
        dnnl_primitive_desc_destroy(*out);
    }
    *out = NULL;
    return nn_device_check(describe(w, any, out), "convolution", err);
}

/* What the primitive wants an array to be. */
static const dnnl_memory_desc_t *wanted_form(const_dnnl_primitive_desc_t pd, nn_conv_kind kind, role r)
{
    return dnnl_primitive_desc_query_md(pd, dnnl_query_exec_arg_md, argument_of(kind, r));
}

/* ---- state ---- */

static size_t take_place(nn_step *step, size_t bytes)
{
    const size_t place = step->scratch_size;
    step->scratch_size += (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return place;
}

static bool make_reorder(const nn_step *step, const dnnl_memory_desc_t *from, const dnnl_memory_desc_t *to, dnnl_primitive_t *out,
                         df_error *err)
{
    dnnl_primitive_desc_t pd;
    if (!nn_device_check(dnnl_reorder_primitive_desc_create(&pd, from, step->device->engine, to, step->device->engine, NULL), "reorder",
                         err))
        return false;
    const dnnl_status_t status = dnnl_primitive_create(out, pd);
    dnnl_primitive_desc_destroy(pd);
    return nn_device_check(status, "reorder", err);
}

/* is_read: an input, or a result that is added to what was there. */
static bool make_side(nn_step *step, side *s, bool is_read, const dnnl_memory_desc_t *given, const dnnl_memory_desc_t *wanted,
                      df_arena *arena, df_error *err)
{
    dnnl_engine_t engine = step->device->engine;
    const size_t bytes = dnnl_memory_desc_get_size(wanted);
    if (!nn_device_check(dnnl_memory_create(&s->given, given, engine, DNNL_MEMORY_NONE), "array", err))
        return false;
    if (dnnl_memory_desc_equal(given, wanted)) {
        s->wanted = s->given;
        return true;
    }
    if (s->input >= 0 && (step->fixed & 1U << s->input) != 0) {
        if (!(s->kept = df_alloc(arena, bytes, 1, err)))
            return false;
        step->kept |= 1U << s->input;
    } else {
        s->place = take_place(step, bytes);
    }
    return nn_device_check(dnnl_memory_create(&s->wanted, wanted, engine, DNNL_MEMORY_NONE), "array", err) &&
           (!is_read || make_reorder(step, given, wanted, &s->in, err)) &&
           (s->input >= 0 || make_reorder(step, wanted, given, &s->out, err));
}

static bool fill_state(nn_step *step, conv_state *state, const forms given, const dnnl_memory_desc_t *offsets,
                       const_dnnl_primitive_desc_t pd, df_arena *arena, df_error *err)
{
    dnnl_engine_t engine = step->device->engine;
    for (int r = X; r < ROLES; r++) {
        side *s = &state->sides[r];
        if (!make_side(step, s, s->input >= 0 || state->other >= 0, &given[r], wanted_form(pd, state->kind, (role)r), arena, err))
            return false;
    }
    const dnnl_memory_desc_t *scratchpad = dnnl_primitive_desc_query_md(pd, dnnl_query_scratchpad_md, 0);
    state->scratchpad_place = take_place(step, dnnl_memory_desc_get_size(scratchpad));
    return (!offsets || nn_device_check(dnnl_memory_create(&state->offsets, offsets, engine, DNNL_MEMORY_NONE), "offsets", err)) &&
           nn_device_check(dnnl_memory_create(&state->scratchpad, scratchpad, engine, DNNL_MEMORY_NONE), "scratchpad", err) &&
           nn_device_check(dnnl_primitive_create(&state->primitive, pd), "convolution", err);
}

static bool offsets_form(const nn_conv_arrays *arrays, dnnl_memory_desc_t *out, df_error *err)
{
    const dnnl_dims_t dims = {arrays->y.shape->size[1]};
    return arrays->offset < 0 || nn_device_check(dnnl_memory_desc_init_by_tag(out, 1, dims, dnnl_f32, dnnl_a), "form", err);
}

bool nn_conv_prepare(nn_step *step, const nn_conv_arrays *arrays, df_arena *arena, df_error *err)
{
    forms given, any;
    dnnl_memory_desc_t offsets;
    dnnl_primitive_desc_t pd = NULL;
    conv_state *state = df_alloc(arena, 1, sizeof *state, err);
    if (!state || !image_form(&arrays->x, &given[X], &any[X], err) || !image_form(&arrays->y, &given[Y], &any[Y], err) ||
        !weight_form(&arrays->w, step->node->form.whole[NN_CONV_GROUPS], &given[W], &any[W], err) || !offsets_form(arrays, &offsets, err))
        return false;
    *state = (conv_state){.kind = arrays->kind,
                          .offset = arrays->offset,
                          .other = arrays->other,
                          .sides = {{.input = arrays->x.input}, {.input = arrays->w.input}, {.input = arrays->y.input}}};
    step->state = state;
    if (!nn_conv_tiles_prepare(step, arrays, arena, &state->tiles, err))
        return false;
    if (state->tiles)
        return true;
    wish w = {.step = step, .kind = arrays->kind, .offsets = arrays->offset >= 0 ? &offsets : NULL};
    const bool ok = make_attributes(step, arrays->other >= 0, &w.attributes, err) && choose(&w, given, any, &pd, err) &&
                    fill_state(step, state, given, w.offsets, pd, arena, err);
    if (pd)
        dnnl_primitive_desc_destroy(pd);
    if (w.attributes)
        dnnl_primitive_attr_destroy(w.attributes);
    return ok;
}

/* ---- a run ---- */

static void execute(const nn_step *step, dnnl_primitive_t primitive, const dnnl_exec_arg_t *args, int count)
{
    dnnl_primitive_execute(primitive, step->device->stream, count, args);
    dnnl_stream_wait(step->device->stream);
}

static void reorder(const nn_step *step, dnnl_primitive_t primitive, dnnl_memory_t from, dnnl_memory_t to)
{
    const dnnl_exec_arg_t args[] = {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}};
    execute(step, primitive, args, 2);
}

static void *readable(const float *data) /* oneDNN's handles know no const */
{
    return (void *)(uintptr_t)data;
}

/* Brings an array to where the primitive reads it, or says where it writes. */
static void open_side(const nn_step *step, const conv_state *state, const side *s)
{
    const bool is_result = s->input < 0;
    const float *data = !is_result ? step->in[s->input] : state->other >= 0 && s->in ? step->in[state->other] : step->out;
    dnnl_memory_set_data_handle(s->given, readable(data));
    if (s->wanted != s->given)
        dnnl_memory_set_data_handle(s->wanted, s->kept ? s->kept : (char *)step->scratch + s->place);
    else if (is_result && state->other >= 0 && step->out != step->in[state->other])
        memcpy(step->out, step->in[state->other], (size_t)nn_memory_elements(step->node) * sizeof(float));
    if (s->in && (!s->kept || step->is_fresh))
        reorder(step, s->in, s->given, s->wanted);
    if (is_result)
        dnnl_memory_set_data_handle(s->given, step->out);
}

void nn_conv_run(const nn_step *step)
{
    const conv_state *state = step->state;
    dnnl_exec_arg_t args[ARGUMENTS];
    int count = 0;
    if (state->tiles) {
        nn_conv_tiles_run(step, state->tiles);
        return;
    }
    for (int r = X; r < ROLES; r++) {
        open_side(step, state, &state->sides[r]);
        args[count++] = (dnnl_exec_arg_t){argument_of(state->kind, (role)r), state->sides[r].wanted};
    }
    dnnl_memory_set_data_handle(state->scratchpad, (char *)step->scratch + state->scratchpad_place);
    args[count++] = (dnnl_exec_arg_t){DNNL_ARG_SCRATCHPAD, state->scratchpad};
    if (state->offsets) {
        dnnl_memory_set_data_handle(state->offsets, readable(step->in[state->offset]));
        args[count++] = (dnnl_exec_arg_t){DNNL_ARG_BIAS, state->offsets};
    }
    execute(step, state->primitive, args, count);
    const side *result = &state->sides[result_of(state->kind)];
    if (result->out)
        reorder(step, result->out, result->wanted, result->given);
}

void nn_conv_release(nn_step *step)
{
    conv_state *state = step->state;
    if (!state)
        return;
    for (int r = X; r < ROLES; r++) {
        side *s = &state->sides[r];
        if (s->in)
            dnnl_primitive_destroy(s->in);
        if (s->out)
            dnnl_primitive_destroy(s->out);
        if (s->wanted && s->wanted != s->given)
            dnnl_memory_destroy(s->wanted);
        if (s->given)
            dnnl_memory_destroy(s->given);
    }
    if (state->primitive)
        dnnl_primitive_destroy(state->primitive);
    if (state->offsets)
        dnnl_memory_destroy(state->offsets);
    if (state->scratchpad)
        dnnl_memory_destroy(state->scratchpad);
}
