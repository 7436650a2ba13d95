/* classifier.h: H, which says of an image whether it has each of some attributes: a ResNet-18 (nets/resnet.h) of any width with one logit
   for each, whose file says what it was trained on.

   The file is safetensors: the network's tensors under torchvision's names, float32 or float16, and as metadata
       kind        "attributes"
       attributes  JSON: [{"name": "male", "rule": "gender == \"male\"", "slope": 1.1, "offset": -0.2}, ...]
       input       JSON: {"side": 64, "channels": 1, "width": 16}
   rule: the condition on a manifest's line that says what is true, NULL for CelebA's attribute of that name. slope and offset: the
   probability of an attribute with logit z is sigmoid(slope z + offset) (Platt 1999); its answer is yes where z >= 0.

   Images are made ready by feed/loader.h: cropped to a square, resized, (value - 127.5) / 127.5. */
#ifndef DF_ATTRIBUTES_CLASSIFIER_H
#define DF_ATTRIBUTES_CLASSIFIER_H

#include "feed/sample_list.h"
#include "nets/net.h"
#include "nn/plan.h"
#include "tensor/tensor.h"

enum { CLASSIFIER_SIDE_LEAST = 16, CLASSIFIER_SIDE_MOST = 512, CLASSIFIER_WIDTH_MOST = 256, CLASSIFIER_NAME = 64 };

typedef struct classifier_attribute {
    const char *name; /* 1 to CLASSIFIER_NAME - 1 bytes */
    const char *rule; /* NULL: attributes.NAME of the line */
    double slope, offset;
} classifier_attribute;

typedef struct classifier_form {
    int side, channels, width; /* channels 1 or 3 */
    int count;                 /* 1 .. SAMPLE_LABELS */
    classifier_attribute attributes[SAMPLE_LABELS];
} classifier_form;

/* Adds the network to a graph: x [batch][channels][side][side], logits [batch][count]. False with the sentence where it does not fit. */
DF_API bool classifier_build(const classifier_form *form, nn_graph *graph, int batch, nn_mode mode, nn_node **x, nn_node **logits,
                             df_error *err) DF_CHECKED;

DF_API float classifier_probability(const classifier_attribute *attribute, float logit);

/* What a sample list is asked for, one label each in the order of the attributes: out [form->count], views of the form's strings. */
DF_API void classifier_labels(const classifier_form *form, sample_label *out);

/* Tensors are those of trainer_tensors; is_half writes float16. */
DF_API bool classifier_save(const char *path, const classifier_form *form, const tensor_list *weights, bool is_half,
                            df_error *err) DF_CHECKED;

/* What such a file says of itself; strings live in the arena. Weights are read by net_weights_load from the same path. Errors name the
   file. */
DF_API bool classifier_read_form(const char *path, df_arena *arena, classifier_form *out, df_error *err) DF_CHECKED;

/* The same of its metadata, for the fuzzer. */
DF_API bool classifier_parse_form(const tensor_list *file, df_arena *arena, classifier_form *out, df_error *err) DF_CHECKED;

#endif
