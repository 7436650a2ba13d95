/* card_lists.c: what a set is for, what it cannot do, whom it shows and what went into it. Sentences are chosen by what the set has and
   filled with its own numbers; a set of unknown origin is told as such. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "dataset/card_facts.h"
#include "face/model_notes.h"

static void say(json_t *list, const char *format, ...) DF_PRINTF(2, 3);
static void say(json_t *list, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    json_array_append_new(list, json_vsprintf(format, arguments));
    va_end(arguments);
}

static const char *origin_note(const card_facts *facts, const char *key)
{
    return json_string_value(json_object_get(json_object_get(json_object_get(facts->origin, "model"), "notes"), key));
}

/* ---- uses ---- */

json_t *card_uses(const card_facts *facts)
{
    json_t *list = json_array();
    if (facts->has_rendered) {
        say(list,
            "Training and pre-training of face detection, landmark, pose, gaze, segmentation and recognition networks, beside or before "
            "photographs.");
        say(list,
            "Controlled experiments: one property of the images is changed and all others are kept, as every image can be drawn again "
            "from its seed.");
        say(list,
            "Measuring how a network's errors depend on pose, light, expression, accessories and group, where the true values must be "
            "known.");
    }
    if (facts->has_imported)
        say(list, "Imported images serve what their source was published for; the source's own terms decide.");
    say(list, "Not for: deciding about people, claiming an accuracy on photographs that was measured on rendered images, or inferring the "
              "ethnicity of real people.");
    return list;
}

/* ---- limitations ---- */

static void say_of_rendering(const card_facts *facts, json_t *list)
{
    say(list,
        "Rendered faces differ from photographs: skin has no light below its surface, hair is cards, heads end at the neck or a shirt, "
        "and nobody moves. What is trained on them alone must be tested on photographs.");
    if (facts->has_rendered && facts->sum->band != BAND_RGB)
        say(list,
            "Near-infrared reflectances are taken from published measurements of skin, iris, hair and cloth, not from a camera of this "
            "set: tone, lips and blemishes follow means and spreads of those.");
    say(list, "Shapes lie in the span of the face model's components, and expressions in its named units; rare faces, asymmetries, scars, "
              "make-up, jewellery and disabilities that change a face do not occur.");
    const char *modes = origin_note(facts, "identity-modes");
    if (modes && strcmp(modes, "ict") == 0)
        say(list, "Variation between people is partly MakeHuman's (drawn by artists) and partly that of ICT-FaceKit's scans; it was not "
                  "measured on the population that the groups are named after.");
}

static void say_of_ranges(const card_facts *facts, json_t *list)
{
    static const summary_measure shown[] = {SUMMARY_YAW, SUMMARY_PITCH, SUMMARY_ROLL, SUMMARY_DISTANCE, SUMMARY_AGE};
    for (size_t i = 0; i < DF_ARRAY_LEN(shown); i++) {
        const tally *t = &facts->sum->measures[shown[i]];
        const summary_measure_row *row = &summary_measure_rows[shown[i]];
        char low[32], high[32];
        snprintf(low, sizeof low, "%.1f", t->low);
        snprintf(high, sizeof high, "%.1f", t->high);
        if (t->total > 0)
            say(list, "%s lies between %s and %s %s; nothing is known beyond.", row->title, low, high, row->unit ? row->unit : "");
    }
}

json_t *card_limitations(const card_facts *facts)
{
    json_t *list = json_array();
    if (facts->has_rendered)
        say_of_rendering(facts, list);
    if (facts->has_imported)
        say(list, "Of imported images only what their source's lists said is known; what stands in no field was not measured, and labels "
                  "were taken over unchecked.");
    say_of_ranges(facts, list);
    return list;
}

/* ---- biases ---- */

typedef struct cell {
    int gender, group;
    demographics_count count;
} cell;

/* The smallest and the largest cell of gender and group; returns how many cells there are. */
static int find_extremes(const demographics *counts, cell *least, cell *most)
{
    int cells = 0;
    for (int gender = 0; gender < counts->gender_count; gender++)
        for (int group = 0; group < counts->group_count; group++) {
            const cell here = {gender, group, demographics_sum(counts, gender, group, -1)};
            if (cells == 0 || here.count.images < least->count.images)
                *least = here;
            if (cells == 0 || here.count.images > most->count.images)
                *most = here;
            cells++;
        }
    return cells;
}

static const char *named(const char *name)
{
    return name[0] ? name : "not said";
}

static void say_of_balance(const card_facts *facts, json_t *list)
{
    const demographics *counts = &facts->sum->people;
    cell least = {0}, most = {0};
    const int cells = find_extremes(counts, &least, &most);
    if (cells < 2) {
        say(list, "Gender and group are the same for all images, or not known.");
        return;
    }
    if (least.count.images == most.count.images) {
        say(list, "Each of the %d cells of gender and group has as many images: %lld.", cells, (long long)least.count.images);
        return;
    }
    say(list,
        "By gender and group the fewest images are of %s, %s (%lld people, %lld images), the most of %s, %s (%lld people, %lld "
        "images).",
        named(counts->genders[least.gender]), named(counts->groups[least.group]), (long long)least.count.people,
        (long long)least.count.images, named(counts->genders[most.gender]), named(counts->groups[most.group]), (long long)most.count.people,
        (long long)most.count.images);
}

static int64_t images_without(const card_facts *facts, summary_topic topic)
{
    const summary_names *names = &facts->sum->topics[topic];
    for (int i = 0; i < names->count; i++)
        if (strcmp(names->items[i].name, "none") == 0)
            return names->items[i].images;
    return 0;
}

json_t *card_biases(const card_facts *facts)
{
    json_t *list = json_array();
    say_of_balance(facts, list);
    if (facts->has_rendered) {
        say(list,
            "Gender has two values and ethnicity the groups that the face model's maker named; they are the values that the faces were "
            "drawn with, not anybody's account of themselves, and do not cover the people of the world.");
        say(list,
            "Hair styles, beards, glasses and hats are those few of the face model, dealt by gender and age: a network may learn them "
            "instead of faces. %lld of %lld images have glasses, %lld a hat.",
            (long long)(facts->sum->images - images_without(facts, SUMMARY_TOPIC_GLASSES)), (long long)facts->sum->images,
            (long long)(facts->sum->images - images_without(facts, SUMMARY_TOPIC_HAT)));
    }
    if (facts->has_imported)
        say(list, "How people came into the imported images, and who is missing there, is not known to this set.");
    return list;
}

/* ---- people ---- */

json_t *card_sensitive(const card_facts *facts)
{
    json_t *list = json_array();
    if (facts->has_rendered)
        say(list,
            "Rendered faces are nobody's: gender, age and ethnicity are parameters of synthetic faces. The face model may derive from "
            "scans of real people, whom no image shows; its maker knows what they agreed to.");
    if (facts->has_photographs)
        say(list, "Behind the faces stand photographs of a folder that was given to render; whom those show is not known to this set.");
    if (facts->has_imported)
        say(list, "Imported images may show real people, with gender, age and ethnicity where the fields say so; nothing is known of their "
                  "consent, and biometric data may fall under data protection law.");
    return list;
}

/* ---- what went in ---- */

static void add_asset(json_t *list, const char *asset, const char *notice)
{
    size_t i;
    const json_t *there;
    json_t *added = json_pack("{s:s, s:s}", "asset", asset, "notice", notice);
    json_array_foreach(list, i, there)
        if (json_equal(there, added)) {
            json_decref(added);
            return;
        }
    json_array_append_new(list, added);
}

static void add_model(json_t *list, const json_t *origin)
{
    const json_t *model = json_object_get(origin, "model"), *text;
    const char *key, *name = json_string_value(json_object_get(model, "name"));
    json_t *notes = json_object_get(model, "notes");
    bool has_any = false;
    json_object_foreach(notes, key, text)
        if (model_note_is_licence(key) || strcmp(key, "source") == 0) {
            char asset[256];
            snprintf(asset, sizeof asset, "face model %s, %s", name ? name : "", key);
            add_asset(list, asset, json_string_value(text));
            has_any = true;
        }
    if (name && !has_any)
        add_asset(list, name, "face model; its file says nothing of a licence");
}

static void add_job(json_t *list, const json_t *job)
{
    const char *background = json_string_value(json_object_get(job, "background"));
    if (background && strcmp(background, "folder") == 0)
        add_asset(list, "background images", "a folder of images given to render; their licence was not recorded");
}

json_t *card_assets(const card_facts *facts)
{
    json_t *list = json_array();
    size_t i;
    const json_t *source, *sources = json_object_get(facts->derived, "sources");
    add_model(list, facts->origin);
    add_job(list, facts->job);
    json_array_foreach(sources, i, source) {
        add_model(list, json_object_get(source, "origin"));
        add_job(list, json_object_get(source, "job"));
    }
    if (facts->has_rendered && json_array_size(list) == 0)
        add_asset(list, "face model", "not recorded when the images were made; its hash stands in the job");
    if (facts->has_imported)
        add_asset(list, "imported images", "their source's licence was not recorded: ask whoever published them");
    return list;
}

/* ---- stand-ins ---- */

json_t *card_stand_ins(const card_facts *facts)
{
    static const char *const sentences[CARD_WORD_COUNT] = {
        [CARD_NAME] = "made of the hash of the manifest",
        [CARD_LICENSE] = "nobody stated the licence of the set itself; those of what went in stand beside",
        [CARD_CREATOR] = "nobody stated who publishes the set",
        [CARD_URL] = "the card itself, as nobody stated a page",
        [CARD_DATE] = "the day of the program's release, as nobody stated one; the set does not depend on the day it was made",
        [CARD_VERSION] = "the first version, as nobody stated another",
        [CARD_CITE] = "made of name, creator, date and version",
    };
    json_t *list = json_array();
    for (int word = 0; word < CARD_WORD_COUNT; word++)
        if (facts->stood[word])
            say(list, "%s: %s (diffuse dataset card --%s)", card_word_names[word], sentences[word], card_word_names[word]);
    return list;
}

/* ---- one sentence each ---- */

void card_summary(const card_facts *facts, df_text *out)
{
    const summary *s = facts->sum;
    const char *what = facts->has_imported ? (facts->has_rendered ? "synthetic and imported" : "imported") : "synthetic";
    df_text_addf(out, "%lld %s images of %lld people", (long long)s->images, what, (long long)s->identities);
    if (facts->has_rendered)
        df_text_addf(out, ", %d x %d pixels, %s", s->size, s->size,
                     s->band == BAND_RGB   ? "colour"
                     : s->band == BAND_850 ? "near infrared at 850 nm"
                                           : "near infrared at 940 nm");
    df_text_add(out, ".");
    if (!facts->has_imported)
        df_text_add(out, facts->has_photographs ? " All faces are rendered from a statistical face model, before photographs."
                                                : " All faces are rendered from a statistical face model: no image shows a real person.");
}

void card_collection(const card_facts *facts, df_text *out)
{
    switch (facts->kind) {
    case CARD_RENDERED:
        df_text_add(out, "Nothing was collected: people were sampled from a statistical face model and drawn by diffuse with drawn pose, "
                         "camera, expression, gaze, light, accessories, background and sensor noise.");
        return;
    case CARD_DERIVED:
        df_text_add(out, "Made of other sets by diffuse dataset; .diffuse/derived.json names them with their hashes.");
        return;
    case CARD_IMPORTED:
        df_text_addf(out, "Taken over from a source of the form '%s' by diffuse dataset import; how its images came about is not known.",
                     facts->first.imported);
        return;
    }
}

void card_annotation(const card_facts *facts, df_text *out)
{
    if (facts->has_rendered)
        df_text_add(out,
                    "Labels of rendered images are exact: they are the parameters that the image was drawn from, and projections of the "
                    "same geometry. Nobody annotated.");
    if (facts->has_imported)
        df_text_add(out, facts->has_rendered ? " Labels of imported images are their source's."
                                             : "Labels are those of the source's lists, taken over as they were.");
}
