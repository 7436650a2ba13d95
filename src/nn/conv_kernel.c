/* conv_kernel.c: oneDNN chooses the layout that its fastest kernel wants for each of the three arrays; what is not so already is brought
   there and back in the plan's scratch memory. */
#include "nn/conv_kernel.h"

#include <string.h>

#include "nn/device.h"

enum { ROLES = 3, ALIGNMENT = 64 };
typedef enum role { X, W, Y } role; /* arrays of a convolution, in oneDNN's words src, weights, dst */

/* One array of the convolution: as the plan has it, and as the kernel wants it. */
typedef struct side {
    dnnl_memory_t plain, wanted; /* the same object where no reorder is needed */
    dnnl_primitive_t reorder;    /* to wanted, of an input; from it, of the result; NULL: none */
    size_t place;                /* of `wanted` in the scratch memory */
} side;

typedef struct conv_state {
    nn_conv_kind kind;
    side sides[ROLES];
    dnnl_primitive_t primitive;
    dnnl_memory_t scratchpad;
    size_t scratchpad_place;
} conv_state;

static const int arguments[ROLES] = {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST};
static const int diff_arguments[ROLES] = {DNNL_ARG_DIFF_SRC, DNNL_ARG_DIFF_WEIGHTS, DNNL_ARG_DIFF_DST};

/* Which array is the result, and which of the plan's inputs each other one is. */
static role result_of(nn_conv_kind kind)
{
    return kind == NN_CONV_FORWARD ? Y : kind == NN_CONV_INPUT ? X : W;
}

static int input_of(nn_conv_kind kind, role r)
{
    static const int inputs[3][ROLES] = {{0, 1, -1}, {-1, 1, 0}, {0, -1, 1}};
    return inputs[kind][r];
}

/* oneDNN names gradients apart: of the backward kinds the result and dy. */
static int argument_of(nn_conv_kind kind, role r)
{
    const bool is_gradient = kind != NN_CONV_FORWARD && (r == result_of(kind) || r == Y);
    return (is_gradient ? diff_arguments : arguments)[r];
}

static bool plain_form(const nn_shape *shape, int64_t groups, bool is_weight, dnnl_memory_desc_t *plain, dnnl_memory_desc_t *any,
                       df_error *err)
{
    dnnl_dims_t dims = {shape->size[0], shape->size[1], shape->size[2], shape->size[3]};
    const bool is_grouped = is_weight && groups > 1;
    if (is_grouped) {
        const dnnl_dims_t grouped = {groups, shape->size[0] / groups, shape->size[1], shape->size[2], shape->size[3]};
        memcpy(dims, grouped, sizeof dims);
    }
    const int rank = is_grouped ? 5 : 4;
    return nn_device_check(dnnl_memory_desc_init_by_tag(plain, rank, dims, dnnl_f32, is_grouped ? dnnl_abcde : dnnl_abcd), "form", err) &&
           nn_device_check(dnnl_memory_desc_init_by_tag(any, rank, dims, dnnl_f32, dnnl_format_tag_any), "form", err);
}

static bool describe(const nn_step *step, nn_conv_kind kind, dnnl_memory_desc_t any[ROLES], dnnl_primitive_desc_t *out, df_error *err)
{
    const int64_t *form = step->node->form.whole;
    const dnnl_dims_t stride = {form[NN_CONV_STRIDE], form[NN_CONV_STRIDE + 1]}, pad = {form[NN_CONV_PAD], form[NN_CONV_PAD + 1]};
    dnnl_primitive_desc_t forward = NULL;
    dnnl_primitive_attr_t attributes = NULL;
    dnnl_convolution_desc_t desc;
    dnnl_engine_t engine = step->device->engine;
    bool ok = nn_device_check(dnnl_primitive_attr_create(&attributes), "attributes", err) &&
              nn_device_check(dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user), "scratchpad", err) &&
              nn_device_check(dnnl_convolution_forward_desc_init(&desc, dnnl_forward_training, dnnl_convolution_direct, &any[X], &any[W],
                                                                 NULL, &any[Y], stride, pad, pad),
                              "convolution", err) &&
              nn_device_check(dnnl_primitive_desc_create(&forward, &desc, attributes, engine, NULL), "convolution", err);
    if (ok && kind == NN_CONV_FORWARD) {
        *out = forward;
        forward = NULL;
    } else if (ok) {
        ok = nn_device_check(kind == NN_CONV_INPUT ? dnnl_convolution_backward_data_desc_init(&desc, dnnl_convolution_direct, &any[X],
                                                                                              &any[W], &any[Y], stride, pad, pad)
                                                   : dnnl_convolution_backward_weights_desc_init(&desc, dnnl_convolution_direct, &any[X],
                                                                                                 &any[W], NULL, &any[Y], stride, pad, pad),
                             "convolution's derivative", err) &&
             nn_device_check(dnnl_primitive_desc_create(out, &desc, attributes, engine, forward), "convolution's derivative", err);
    }
    if (forward)
        dnnl_primitive_desc_destroy(forward);
    if (attributes)
        dnnl_primitive_attr_destroy(attributes);
    return ok;
}

/* What the primitive wants an array to be. */
static const dnnl_memory_desc_t *wanted_form(const_dnnl_primitive_desc_t pd, nn_conv_kind kind, role r)
{
    return dnnl_primitive_desc_query_md(pd, dnnl_query_exec_arg_md, argument_of(kind, r));
}

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

static bool make_side(nn_step *step, side *s, bool is_result, const dnnl_memory_desc_t *plain, const dnnl_memory_desc_t *wanted,
                      df_error *err)
{
    dnnl_engine_t engine = step->device->engine;
    if (!nn_device_check(dnnl_memory_create(&s->plain, plain, engine, DNNL_MEMORY_NONE), "array", err))
        return false;
    if (dnnl_memory_desc_equal(plain, wanted)) {
        s->wanted = s->plain;
        return true;
    }
    s->place = take_place(step, dnnl_memory_desc_get_size(wanted));
    return nn_device_check(dnnl_memory_create(&s->wanted, wanted, engine, DNNL_MEMORY_NONE), "array", err) &&
           make_reorder(step, is_result ? wanted : plain, is_result ? plain : wanted, &s->reorder, err);
}

static bool fill_state(nn_step *step, conv_state *state, dnnl_memory_desc_t plain[ROLES], const_dnnl_primitive_desc_t pd, df_error *err)
{
    for (int r = X; r < ROLES; r++)
        if (!make_side(step, &state->sides[r], (role)r == result_of(state->kind), &plain[r], wanted_form(pd, state->kind, (role)r), err))
            return false;
    const dnnl_memory_desc_t *scratchpad = dnnl_primitive_desc_query_md(pd, dnnl_query_scratchpad_md, 0);
    state->scratchpad_place = take_place(step, dnnl_memory_desc_get_size(scratchpad));
    return nn_device_check(dnnl_memory_create(&state->scratchpad, scratchpad, step->device->engine, DNNL_MEMORY_NONE), "scratchpad", err) &&
           nn_device_check(dnnl_primitive_create(&state->primitive, pd), "convolution", err);
}

bool nn_conv_prepare(nn_step *step, nn_conv_kind kind, const nn_shape *x, const nn_shape *w, const nn_shape *y, df_arena *arena,
                     df_error *err)
{
    const int64_t groups = step->node->form.whole[NN_CONV_GROUPS];
    dnnl_memory_desc_t plain[ROLES], any[ROLES];
    dnnl_primitive_desc_t pd = NULL;
    conv_state *state = df_alloc(arena, 1, sizeof *state, err);
    if (!state || !plain_form(x, groups, false, &plain[X], &any[X], err) || !plain_form(w, groups, true, &plain[W], &any[W], err) ||
        !plain_form(y, groups, false, &plain[Y], &any[Y], err))
        return false;
    state->kind = kind;
    step->state = state;
    if (!describe(step, kind, any, &pd, err))
        return false;
    const bool ok = fill_state(step, state, plain, pd, err);
    dnnl_primitive_desc_destroy(pd);
    return ok;
}

static void execute(const nn_step *step, dnnl_primitive_t primitive, const dnnl_exec_arg_t *args, int count)
{
    dnnl_primitive_execute(primitive, step->device->stream, count, args);
    dnnl_stream_wait(step->device->stream);
}

static void reorder(const nn_step *step, const side *s, bool is_result)
{
    const dnnl_exec_arg_t args[] = {{DNNL_ARG_FROM, is_result ? s->wanted : s->plain}, {DNNL_ARG_TO, is_result ? s->plain : s->wanted}};
    execute(step, s->reorder, args, 2);
}

void nn_conv_run(const nn_step *step)
{
    const conv_state *state = step->state;
    const role result = result_of(state->kind);
    char *scratch = step->scratch;
    dnnl_exec_arg_t args[ROLES + 1];
    for (int r = X; r < ROLES; r++) {
        const side *s = &state->sides[r];
        const int input = input_of(state->kind, (role)r);
        float *data = input < 0 ? step->out : (float *)(uintptr_t)step->in[input]; /* oneDNN's handles know no const */
        dnnl_memory_set_data_handle(s->plain, data);
        if (s->reorder)
            dnnl_memory_set_data_handle(s->wanted, scratch + s->place);
        if (s->reorder && (role)r != result)
            reorder(step, s, false);
        args[r] = (dnnl_exec_arg_t){argument_of(state->kind, (role)r), s->wanted};
    }
    dnnl_memory_set_data_handle(state->scratchpad, scratch + state->scratchpad_place);
    args[ROLES] = (dnnl_exec_arg_t){DNNL_ARG_SCRATCHPAD, state->scratchpad};
    execute(step, state->primitive, args, ROLES + 1);
    if (state->sides[result].reorder)
        reorder(step, &state->sides[result], true);
}

void nn_conv_release(nn_step *step)
{
    conv_state *state = step->state;
    if (!state)
        return;
    for (int r = X; r < ROLES; r++) {
        side *s = &state->sides[r];
        if (s->reorder)
            dnnl_primitive_destroy(s->reorder);
        if (s->wanted && s->wanted != s->plain)
            dnnl_memory_destroy(s->wanted);
        if (s->plain)
            dnnl_memory_destroy(s->plain);
    }
    if (state->primitive)
        dnnl_primitive_destroy(state->primitive);
    if (state->scratchpad)
        dnnl_memory_destroy(state->scratchpad);
}
