/* conv_winograd.c: which convolutions are done by tiles, and with what. */
#include "nn/conv_winograd.h"

#include "nn/device.h"
#include "nn/winograd.h"

struct nn_conv_tiles {
    winograd_plan plan;
    int image, weight, offset, other; /* inputs of the step */
    float *kept;                      /* transformed weights; NULL: in scratch memory, behind the threads' */
};

static bool form_of(const nn_step *step, const nn_conv_arrays *arrays, winograd_form *out)
{
    const int64_t *whole = step->node->form.whole, *kernel = arrays->w.shape->size + 2;
    const bool is_forward = arrays->kind == NN_CONV_FORWARD;
    const nn_conv_array *from = is_forward ? &arrays->x : &arrays->y, *to = is_forward ? &arrays->y : &arrays->x;
    if (step->device->bfloat16 || arrays->kind == NN_CONV_WEIGHT || kernel[0] != 3 || kernel[1] != 3 || whole[NN_CONV_STRIDE] != 1 ||
        whole[NN_CONV_STRIDE + 1] != 1 || whole[NN_CONV_GROUPS] != 1 || from->layout != NN_BLOCKED || to->layout != NN_BLOCKED)
        return false;
    const int64_t *in = from->shape->size, *result = to->shape->size;
    *out = (winograd_form){.n = in[0],
                           .in_channels = in[1],
                           .out_channels = result[1],
                           .in = {in[2], in[3]},
                           .out = {result[2], result[3]},
                           .pad = {whole[NN_CONV_PAD], whole[NN_CONV_PAD + 1]},
                           .is_turned = !is_forward};
    for (int side = 0; side < 2 && !is_forward; side++)
        out->pad[side] = 2 - out->pad[side];
    return out->pad[0] >= 0 && out->pad[0] <= 2 && out->pad[1] >= 0 && out->pad[1] <= 2 && winograd_fits(out);
}

bool nn_conv_tiles_prepare(nn_step *step, const nn_conv_arrays *arrays, df_arena *arena, nn_conv_tiles **out, df_error *err)
{
    winograd_form form;
    *out = NULL;
    if (!form_of(step, arrays, &form))
        return true;
    nn_conv_tiles *tiles = df_alloc(arena, 1, sizeof *tiles, err);
    if (!tiles)
        return false;
    *tiles = (nn_conv_tiles){.plan = winograd_plan_of(&form),
                             .image = arrays->kind == NN_CONV_FORWARD ? arrays->x.input : arrays->y.input,
                             .weight = arrays->w.input,
                             .offset = arrays->offset,
                             .other = arrays->other};
    const size_t weight_bytes = winograd_weight_bytes(&tiles->plan);
    step->scratch_size = winograd_scratch_bytes(&tiles->plan);
    if ((step->fixed & 1U << tiles->weight) != 0) {
        step->kept |= 1U << tiles->weight;
        if (!(tiles->kept = df_alloc(arena, weight_bytes, 1, err)))
            return false;
    } else {
        step->scratch_size += weight_bytes;
    }
    *out = tiles;
    return true;
}

void nn_conv_tiles_run(const nn_step *step, const nn_conv_tiles *tiles)
{
    const nn_form *form = &step->node->form;
    const float *bend = form->real + NN_BEND_AT;
    const nn_bend_form bend_form = {bend[0], bend[1], bend[2]};
    const winograd_tail tail = {.offsets = tiles->offset >= 0 ? step->in[tiles->offset] : NULL,
                                .other = tiles->other >= 0 ? step->in[tiles->other] : NULL,
                                .bend = form->whole[NN_BENDS] ? &bend_form : NULL};
    float *weights = tiles->kept ? tiles->kept : (float *)(void *)((char *)step->scratch + winograd_scratch_bytes(&tiles->plan));
    if (!tiles->kept || step->is_fresh)
        winograd_weights(&tiles->plan, step->in[tiles->weight], weights);
    winograd_run(&tiles->plan, step->in[tiles->image], weights, &tail, step->scratch, step->out);
}
