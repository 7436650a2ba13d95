/* fid_output.c: lines and keys, docs/fid.md explains them. */
#include "cli/fid_output.h"

static const char *const filters[] = {"pytorch-fid: bilinear without antialiasing", "clean-fid: bicubic with antialiasing"};
static const char *const letters[] = {"A", "B"};
static const char *const keys[] = {"a", "b"};

static const char *kind_of(const fid_side *side)
{
    return side->is_images ? "images" : side->rows->count > 0 ? "features" : "mu and sigma";
}

/* ---- JSON ---- */

static json_t *side_json(const fid_side *side)
{
    json_t *out = json_pack("{s:s}", "kind", kind_of(side));
    json_object_set_new(out, "path", json_string(side->path));
    if (side->rows->count > 0)
        json_object_set_new(out, "samples", json_integer(side->rows->count));
    if (side->is_images)
        json_object_set_new(out, "skipped", json_integer(side->images.skipped));
    return out;
}

static json_t *features_json(const fid_findings *f)
{
    if (!f->net)
        return json_null();
    json_t *out = json_pack("{s:s, s:b, s:s}", "network", inception_words(f->net), "official", inception_is_official(f->net), "resize",
                            filters[f->filter]);
    json_object_set_new(out, "weights", json_string(f->weights));
    if (inception_hash(f->net)[0])
        json_object_set_new(out, "sha256", json_string(inception_hash(f->net)));
    return out;
}

static json_t *halves_json(const fid_findings *f)
{
    json_t *out = json_object();
    for (int s = 0; s < 2; s++)
        json_object_set_new(out, keys[s],
                            f->halves[s].count == 0
                                ? json_null()
                                : json_pack("{s:I, s:f, s:f, s:i}", "samples", (json_int_t)f->sides[s].rows->count / 2, "fid",
                                            f->halves[s].mean, "std", f->halves[s].std, "repeats", f->halves[s].count));
    return out;
}

static json_t *groups_json(const fid_findings *f)
{
    json_t *list = json_array();
    for (int i = 0; i < f->group_count; i++) {
        const fid_group *g = &f->groups[i];
        json_array_append_new(list, json_pack("{s:s, s:I, s:I, s:o}", "name", g->name, "a", (json_int_t)g->count_a, "b",
                                              (json_int_t)g->count_b, "fid", g->has_fid ? json_real(g->fid) : json_null()));
    }
    return list;
}

static json_t *match_json(const fid_findings *f)
{
    json_t *out = json_object();
    for (int p = 0; p < LABEL_PARTS; p++) {
        const fid_match *m = &f->match[p];
        json_object_set_new(out, m->part->name,
                            !m->has_fid ? json_null()
                                        : json_pack("{s:f, s:f, s:f, s:I, s:f, s:f}", "fid", m->fid, "unmatched", m->unmatched.mean,
                                                    "unmatched_std", m->unmatched.std, "kept", (json_int_t)m->kept, "difference_before",
                                                    m->difference_before, "difference_after", m->difference_after));
    }
    return out;
}

bool fid_print_json(const fid_findings *f, df_error *err)
{
    json_t *out = json_pack("{s:f, s:o, s:o, s:i, s:o}", "fid", f->fid, "a", side_json(&f->sides[0]), "b", side_json(&f->sides[1]),
                            "dimensions", f->sides[0].rows->dims, "features", features_json(f));
    if (f->has_kid) {
        json_object_set_new(out, "kid", json_real(f->kid.mean));
        json_object_set_new(out, "kid_std", json_real(f->kid.std));
        json_object_set_new(out, "kid_all", json_real(f->kid.all));
    }
    if (f->has_prdc) {
        json_object_set_new(out, "k", json_integer(f->k));
        json_object_set_new(out, "precision", json_real(f->prdc.precision));
        json_object_set_new(out, "recall", json_real(f->prdc.recall));
        json_object_set_new(out, "density", json_real(f->prdc.density));
        json_object_set_new(out, "coverage", json_real(f->prdc.coverage));
    }
    if (f->has_halves)
        json_object_set_new(out, "halves", halves_json(f));
    if (f->has_infinity)
        json_object_set_new(out, "infinity",
                            json_pack("{s:f, s:f, s:I, s:I}", "fid", f->infinity.fid, "standard_error", f->infinity.standard_error,
                                      "least_a", (json_int_t)f->infinity.least_a, "least_b", (json_int_t)f->infinity.least_b));
    if (f->by) {
        json_object_set_new(out, "by", json_string(f->by));
        json_object_set_new(out, "groups", groups_json(f));
    }
    if (f->has_match)
        json_object_set_new(out, "match", match_json(f));
    return cli_print_json(out, err);
}

/* ---- text ---- */

static void print_side(const fid_findings *f, int s)
{
    const fid_side *side = &f->sides[s];
    if (side->rows->count == 0)
        printf("%s: %s, mean and covariance alone\n", letters[s], side->path);
    else if (side->is_images)
        printf("%s: %s, %lld images, %lld skipped\n", letters[s], side->path, (long long)side->rows->count,
               (long long)side->images.skipped);
    else
        printf("%s: %s, features of %lld samples\n", letters[s], side->path, (long long)side->rows->count);
}

static void print_groups(const fid_findings *f)
{
    for (int i = 0; i < f->group_count; i++) {
        const fid_group *g = &f->groups[i];
        printf("fid of %s %s: ", f->by, g->name);
        if (g->has_fid)
            printf("%.4f", g->fid);
        else
            printf("none, too few");
        printf(" (%lld of A, %lld of B)\n", (long long)g->count_a, (long long)g->count_b);
    }
}

static void print_match(const fid_match *m)
{
    if (m->has_fid)
        printf("fid with matched %s: %.4f, unmatched %.4f ± %.4f (%lld of each; means differed by %.2f standard deviations, now %.2f)\n",
               m->part->name, m->fid, m->unmatched.mean, m->unmatched.std, (long long)m->kept, m->difference_before, m->difference_after);
    else if (m->with_a < FID_GROUP_LEAST || m->with_b < FID_GROUP_LEAST)
        printf("fid with matched %s: none, %lld images of A and %lld of B have %s\n", m->part->name, (long long)m->with_a,
               (long long)m->with_b, m->part->keys);
    else
        printf("fid with matched %s: none, the sets have nothing in common\n", m->part->name);
}

static void print_more(const fid_findings *f)
{
    if (f->has_halves)
        for (int s = 0; s < 2; s++)
            if (f->halves[s].count > 0)
                printf("fid of two random halves of %s: %.4f ± %.4f (%lld samples each)\n", letters[s], f->halves[s].mean, f->halves[s].std,
                       (long long)f->sides[s].rows->count / 2);
    if (f->has_infinity)
        printf("fid for ever more samples: %.4f ± %.4f\n", f->infinity.fid, f->infinity.standard_error);
    if (f->by)
        print_groups(f);
    for (int p = 0; f->has_match && p < LABEL_PARTS; p++)
        print_match(&f->match[p]);
}

void fid_print_text(const fid_findings *f)
{
    print_side(f, 0);
    print_side(f, 1);
    if (f->net)
        printf("features: %s; resized as %s\n", inception_words(f->net), filters[f->filter]);
    printf("fid %.4f\n", f->fid);
    if (f->has_kid)
        printf("kid %.6f ± %.6f (all samples: %.6f)\n", f->kid.mean, f->kid.std, f->kid.all);
    if (f->has_prdc)
        printf("precision %.4f, recall %.4f, density %.4f, coverage %.4f (k = %d)\n", f->prdc.precision, f->prdc.recall, f->prdc.density,
               f->prdc.coverage, f->k);
    print_more(f);
}
