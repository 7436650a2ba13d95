/* croissant.c: the set as Croissant 1.1 JSON-LD (mlcommons.org/croissant/1.1) with the RAI 1.0 vocabulary. The context is that of MLCommons' own
   descriptions, which is the specification's appendix 1 but for https in schema.org's name, as the reference implementation demands;
   PROV-O stands beside it for what made the set. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataset/card_facts.h"
#include "dataset/croissant.h"
#include "dataset/croissant_records.h"

/* ---- context ---- */

static const char context_text[] =
    "{\"@language\":\"en\",\"@vocab\":\"https://schema.org/\",\"sc\":\"https://schema.org/\",\"cr\":\"http://mlcommons.org/croissant/\","
    "\"rai\":\"http://mlcommons.org/croissant/RAI/\",\"dct\":\"http://purl.org/dc/terms/\",\"prov\":\"http://www.w3.org/ns/prov#\","
    "\"annotation\":\"cr:annotation\",\"arrayShape\":\"cr:arrayShape\",\"citeAs\":\"cr:citeAs\",\"column\":\"cr:column\","
    "\"conformsTo\":\"dct:conformsTo\",\"containedIn\":\"cr:containedIn\",\"data\":{\"@id\":\"cr:data\",\"@type\":\"@json\"},"
    "\"dataType\":{\"@id\":\"cr:dataType\",\"@type\":\"@vocab\"},\"equivalentProperty\":\"cr:equivalentProperty\","
    "\"examples\":{\"@id\":\"cr:examples\",\"@type\":\"@json\"},\"excludes\":\"cr:excludes\",\"extract\":\"cr:extract\","
    "\"field\":\"cr:field\",\"fileProperty\":\"cr:fileProperty\",\"fileObject\":\"cr:fileObject\",\"fileSet\":\"cr:fileSet\","
    "\"format\":\"cr:format\",\"includes\":\"cr:includes\",\"isArray\":\"cr:isArray\",\"isLiveDataset\":\"cr:isLiveDataset\","
    "\"jsonPath\":\"cr:jsonPath\",\"key\":\"cr:key\",\"md5\":\"cr:md5\",\"parentField\":\"cr:parentField\",\"path\":\"cr:path\","
    "\"recordSet\":\"cr:recordSet\",\"references\":\"cr:references\",\"regex\":\"cr:regex\",\"readLines\":\"cr:readLines\",\"repeated\":"
    "\"cr:repeated\",\"replace\":\"cr:replace\",\"samplingRate\":\"cr:samplingRate\","
    "\"sdVersion\":\"cr:sdVersion\",\"separator\":\"cr:separator\",\"source\":\"cr:source\",\"subField\":\"cr:subField\","
    "\"transform\":\"cr:transform\",\"unArchive\":\"cr:unArchive\",\"value\":\"cr:value\"}";

static void set_text(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, json_string(text));
}

/* ---- the set ---- */

/* The set's own licence first, where somebody stated it, then that of every asset that went in. */
static json_t *licences(const card_facts *facts)
{
    size_t i;
    const json_t *asset;
    json_t *list = json_array(), *assets = card_assets(facts);
    if (facts->stood[CARD_LICENSE])
        json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "@type", "sc:CreativeWork", "name", "licence of the set: not stated",
                                              "description", "Whoever publishes the set states it: diffuse dataset card --license."));
    else
        json_array_append_new(list, json_string(facts->words.text[CARD_LICENSE]));
    json_array_foreach(assets, i, asset)
        json_array_append_new(list, json_pack("{s:s, s:O, s:O}", "@type", "sc:CreativeWork", "name", json_object_get(asset, "asset"),
                                              "description", json_object_get(asset, "notice")));
    json_decref(assets);
    return list;
}

static void add_word(const card_facts *facts, json_t *root, const char *key, card_word word)
{
    set_text(root, key, facts->words.text[word]);
}

static void add_general(const card_facts *facts, json_t *root)
{
    df_text text = {0};
    card_summary(facts, &text);
    set_text(root, "@type", "sc:Dataset");
    json_object_set_new(root, "conformsTo", json_pack("[s, s]", CROISSANT_CONFORMS, CROISSANT_RAI_CONFORMS));
    add_word(facts, root, "name", CARD_NAME);
    set_text(root, "description", text.data ? text.data : "");
    add_word(facts, root, "url", CARD_URL);
    json_object_set_new(root, "license", licences(facts));
    json_object_set_new(root, "creator", json_pack("{s:s, s:s}", "@type", "sc:Organization", "name", facts->words.text[CARD_CREATOR]));
    add_word(facts, root, "datePublished", CARD_DATE);
    add_word(facts, root, "version", CARD_VERSION);
    add_word(facts, root, "citeAs", CARD_CITE);
    json_object_set_new(root, "isLiveDataset", json_false());
    json_object_set_new(root, "keywords",
                        json_pack("[s, s, s]", "faces", facts->has_imported ? "imported" : "synthetic", "computer vision"));
    if (!facts->has_imported)
        set_text(root, "digitalSourceType",
                 facts->has_photographs ? "https://schema.org/CompositeSyntheticDigitalSource"
                                        : "https://schema.org/TrainedAlgorithmicMediaDigitalSource");
    df_text_free(&text);
}

static void add_text(json_t *root, const char *key, void (*write)(const card_facts *facts, df_text *out), const card_facts *facts)
{
    df_text text = {0};
    write(facts, &text);
    set_text(root, key, text.data ? text.data : "");
    df_text_free(&text);
}

/* One text: MLCommons' implementation takes no list here. */
static void write_plan(const card_facts *facts, df_text *out)
{
    size_t i;
    const json_t *sentence;
    json_t *stand_ins = card_stand_ins(facts);
    df_text_add(out, "Static: another version is another set.");
    json_array_foreach(stand_ins, i, sentence) {
        df_text_add(out, i ? "; " : " Stand-ins for what nobody stated: ");
        df_text_add(out, json_string_value(sentence));
    }
    json_decref(stand_ins);
}

static void add_responsible(const card_facts *facts, json_t *root)
{
    add_text(root, "rai:dataCollection", card_collection, facts);
    set_text(root, "rai:dataCollectionType", facts->has_imported ? "Secondary Data analysis" : "Software Collection");
    json_object_set_new(root, "rai:dataCollectionRawData",
                        json_sprintf("%lld lines of manifest.jsonl and an image of each.", (long long)facts->sum->images));
    set_text(root, "rai:dataCollectionMissingData",
             facts->has_imported ? "A field that the source did not know is absent from the line; nothing was filled in."
                                 : "None: every line has every field. Landmarks and group are null where the face model knows none.");
    set_text(root, "rai:dataImputationProtocol", "None.");
    set_text(root, "rai:dataPreprocessingProtocol",
             facts->has_imported ? "Images are the source's own files, unchanged."
                                 : "None: images are stored as the drawn sensor gave them.");
    set_text(root, "rai:dataManipulationProtocol", "None after the images were made.");
    add_text(root, "rai:dataAnnotationProtocol", card_annotation, facts);
    set_text(root, "rai:annotationsPerItem", "One line of the manifest for each image.");
    if (!facts->has_imported)
        json_object_set_new(root, "rai:machineAnnotationTools", json_pack("[s]", "diffuse render"));
    json_object_set_new(root, "rai:dataUseCases", card_uses(facts));
    json_object_set_new(root, "rai:dataLimitations", card_limitations(facts));
    json_object_set_new(root, "rai:dataBiases", card_biases(facts));
    json_object_set_new(root, "rai:personalSensitiveInformation", card_sensitive(facts));
    set_text(root, "rai:dataSocialImpact",
             "Networks that recognise faces can be turned against people. Balance of groups here is a balance of "
             "what was drawn or found, and proves no fairness of a network towards people.");
    add_text(root, "rai:dataReleaseMaintenancePlan", write_plan, facts);
}

static bool add_provenance(const card_facts *facts, json_t *root)
{
    const char *version = json_string_value(json_object_get(facts->origin, "version")), *line;
    json_t *commands = card_commands(facts), *activities = json_array(), *command;
    size_t i;
    char agent[64];
    snprintf(agent, sizeof agent, "diffuse %.40s", version ? version : DIFFUSE_VERSION);
    json_array_foreach(commands, i, command) {
        line = json_string_value(command);
        json_array_append_new(activities, json_pack("{s:s, s:s, s:{s:s, s:s}}", "@type", "prov:Activity", "prov:label", line ? line : "",
                                                    "prov:wasAssociatedWith", "@type", "prov:SoftwareAgent", "prov:label", agent));
    }
    if (json_array_size(activities) > 0)
        json_object_set_new(root, "prov:wasGeneratedBy", activities);
    else
        json_decref(activities);
    const bool is_good = commands != NULL;
    json_decref(commands);
    return is_good;
}

static void keep_first(void *user, const char *sentence)
{
    char *first = user;
    if (first[0] == '\0')
        snprintf(first, 256, "%s", sentence);
}

/* What is written is checked first: words of a publisher, or memory that ended, must not make a description that is none. */
static bool is_whole(const json_t *root, df_error *err)
{
    char first[256] = "";
    return croissant_check(root, keep_first, first) == 0 || df_fail(err, "croissant.json: %s", first);
}

bool croissant_write(const card_facts *facts, df_text *out, df_error *err)
{
    json_t *root = json_object();
    json_object_set_new(root, "@context", json_loads(context_text, 0, NULL));
    add_general(facts, root);
    json_object_set_new(root, "distribution", croissant_distribution(facts));
    json_object_set_new(root, "recordSet", croissant_record_sets(facts));
    add_responsible(facts, root);
    char *text = add_provenance(facts, root) && df_json_is_complete(err) && is_whole(root, err)
                     ? json_dumps(root, JSON_INDENT(2) | JSON_PRESERVE_ORDER | JSON_ENSURE_ASCII)
                     : NULL;
    json_decref(root);
    if (!text)
        return err && err->text[0] ? false : df_fail(err, "out of memory");
    df_text_add(out, text);
    df_text_add(out, "\n");
    free(text);
    return df_text_ok(out, err);
}
