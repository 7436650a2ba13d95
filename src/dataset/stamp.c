/* stamp.c: the recipe is the hash of the job's canonical text with everything neutral that moves no pixel, so that a new option
   changes it without being named here. The XMP packets are constants. */
#include "dataset/stamp.h"

#include <stdio.h>
#include <string.h>

/* XMP part 1 (ISO 16684-1), 7.3.2: packet wrapper; read only ("r"), for nobody should write over it in place. */
#define XMP_PACKET(SOURCE)                                                                                                                 \
    "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>"                                                                   \
    "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"                            \
    "<rdf:Description rdf:about=\"\" xmlns:Iptc4xmpExt=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\" "                                   \
    "Iptc4xmpExt:DigitalSourceType=\"http://cv.iptc.org/newscodes/digitalsourcetype/" SOURCE "\"/>"                                        \
    "</rdf:RDF></x:xmpmeta><?xpacket end=\"r\"?>"

static const char xmp_keyword[] = "XML:com.adobe.xmp";
static const char rendered[] = XMP_PACKET("trainedAlgorithmicMedia"), before_photograph[] = XMP_PACKET("compositeSynthetic");

bool stamp_init(stamp *out, const render_job *job, df_error *err)
{
    render_job pixels = *job;
    memset(pixels.identities_sha256, 0, sizeof pixels.identities_sha256); /* each person has a hash instead */
    pixels.per_identity = 0;
    pixels.only_identity[0] = '\0';
    pixels.only_index = JOB_ALL_IMAGES;
    pixels.normals16 = false;
    for (int kind = 0; kind < LABEL_KIND_COUNT; kind++)
        pixels.labels[kind] = false;

    df_text text = {0};
    job_write(&pixels, &text);
    const bool is_good = df_text_ok(&text, err);
    if (is_good) {
        *out = (stamp){.seed = job->seed, .has_photographs = job->background_sha256[0] != '\0'};
        df_sha256_of(text.data, text.size, out->recipe);
    }
    df_text_free(&text);
    return is_good;
}

bool stamp_person(stamped_person *out, const person *who, const face_model *model, df_error *err)
{
    if (strcmp(out->id, who->id) == 0)
        return true;
    df_text line = {0};
    person_write(who, model, &line);
    const bool is_good = df_text_ok(&line, err);
    if (is_good) {
        memcpy(out->id, who->id, sizeof out->id);
        df_sha256_of(line.data, line.size, out->sha256);
    }
    df_text_free(&line);
    return is_good;
}

void stamp_write(const stamp *run, const stamped_person *who, uint32_t index, const char *what, stamp_file *out)
{
    /* Ids hold nothing that JSON would escape (person_id_is_safe). JSON readers stop at 63 bits. */
    const char *quote = run->seed > INT64_MAX ? "\"" : "";
    snprintf(out->text, sizeof out->text,
             "{\"what\":\"%s\",\"identity\":\"%s\",\"index\":%u,\"seed\":%s%llu%s,\"recipe\":\"%s\",\"person\":\"%s\"}",
             what ? what : "image", who->id, index, quote, (unsigned long long)run->seed, quote, run->recipe, who->sha256);
    const bool is_composite = run->has_photographs && !what; /* labels show the head alone */
    out->texts[0] = (png_note){.keyword = xmp_keyword, .text = is_composite ? before_photograph : rendered};
    out->texts[1] = (png_note){.keyword = STAMP_KEYWORD, .text = out->text};
}
