/* attributes_options.c: "NAME=CONDITION" to attributes, and results to text. */
#include "cli/attributes_options.h"

#include "dataset/where.h"

enum { PER_CENT = 100 };

bool attributes_source(cli_context *cli, const source_choice *source, const attributes_choice *choice, attribute_source *out, df_error *err)
{
    *out = (attribute_source){
        .row = source_choice_row(cli, source, err), .setting = &source->setting, .where = choice->where, .progress = &cli->progress};
    return out->row != NULL;
}

/* Whether brackets and quotes are closed at the end of a text. */
static bool is_closed(const char *text)
{
    int depth = 0;
    char quote = '\0';
    for (; *text; text++) {
        if (quote && *text == '\\' && text[1])
            text++;
        else if (quote)
            quote = *text == quote ? '\0' : quote;
        else if (*text == '"' || *text == '\'')
            quote = *text;
        else
            depth += (*text == '(') - (*text == ')');
    }
    return depth <= 0 && !quote;
}

/* The items that belong together, from *at on, as one text; *at goes behind them. */
static const char *next_item(const option_list *given, size_t *at, df_arena *arena, df_error *err)
{
    df_text text = {0};
    do {
        if (text.size)
            df_text_add(&text, ",");
        df_text_add(&text, given->items[(*at)++]);
    } while (*at < given->count && text.data && !is_closed(text.data));
    const char *copy = df_text_ok(&text, err) ? df_copy_string(arena, text.data, err) : NULL;
    df_text_free(&text);
    return copy;
}

static bool parse_item(cli_context *cli, const char *item, classifier_attribute *out, df_error *err)
{
    const char *equals = strchr(item, '=');
    const size_t size = equals ? (size_t)(equals - item) : strlen(item);
    char *name = df_copy_string(cli->arena, item, err);
    if (!name)
        return false;
    name[size] = '\0';
    if (size == 0 || size >= CLASSIFIER_NAME || strpbrk(name, "<>!()\" \t"))
        return cli_usage(cli, err, "--attribute: '%.80s', expected NAME or NAME=CONDITION with a name of 1 to %d bytes", item,
                         CLASSIFIER_NAME - 1);
    if (equals && !where_parse(equals + 1, cli->arena, err))
        return cli_usage(cli, err, "--attribute %s: %s", name, err->text);
    *out = (classifier_attribute){.name = name, .rule = equals ? equals + 1 : NULL, .slope = 1};
    return true;
}

static classifier_attribute *find(classifier_form *form, const char *name)
{
    for (int i = 0; i < form->count; i++)
        if (strcmp(form->attributes[i].name, name) == 0)
            return &form->attributes[i];
    return NULL;
}

bool attributes_read(cli_context *cli, const option_list *given, classifier_form *form, df_error *err)
{
    form->count = 0;
    for (size_t at = 0; at < given->count;) {
        classifier_attribute one;
        const char *item = next_item(given, &at, cli->arena, err);
        if (!item || !parse_item(cli, item, &one, err))
            return false;
        if (find(form, one.name) || form->count == SAMPLE_LABELS)
            return cli_usage(cli, err, "--attribute: '%s' %s", one.name,
                             form->count == SAMPLE_LABELS ? "is one more than there may be" : "is there twice");
        form->attributes[form->count++] = one;
    }
    return true;
}

bool attributes_override(cli_context *cli, const option_list *given, classifier_form *form, df_error *err)
{
    for (size_t at = 0; at < given->count;) {
        classifier_attribute one;
        const char *item = next_item(given, &at, cli->arena, err);
        if (!item || !parse_item(cli, item, &one, err))
            return false;
        classifier_attribute *theirs = find(form, one.name);
        if (!theirs)
            return cli_usage(cli, err, "--attribute: '%s': the classifier has no such attribute", one.name);
        theirs->rule = one.rule;
    }
    return true;
}

bool attributes_print(const cli_context *cli, const attribute_result *result, df_error *err)
{
    if (cli->shared.json)
        return cli_print_json(attribute_result_json(result), err);
    printf("%-24s %8s %8s %9s %9s %8s %8s\n", "attribute", "images", "yes", "accuracy", "balanced", "AUC", "ECE");
    for (int c = 0; c < result->form->count; c++) {
        const attribute_measured *m = &result->of[c];
        const binary_measures *b = &m->calibrated;
        printf("%-24s %8lld", result->form->attributes[c].name, (long long)m->known);
        if (m->known > 0)
            printf(" %6.1f %% %7.2f %%", PER_CENT * (double)b->positives / (double)m->known, PER_CENT * b->accuracy);
        if (m->known > 0 && !isnan(b->auc))
            printf(" %7.2f %% %8.4f", PER_CENT * b->balanced, b->auc);
        else if (m->known > 0)
            printf(" %9s %8s", "one class", "-");
        if (m->known > 0)
            printf(" %8.4f", b->ece);
        printf("\n");
    }
    if (result->logits->unreadable > 0)
        printf("%lld images could not be read\n", (long long)result->logits->unreadable);
    return true;
}
