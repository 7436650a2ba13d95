/* stamp.h: what each PNG file of a rendered set says of itself, so that one that was copied out of its set still does. Two texts:

   `diffuse`: one JSON object: what ("image" or a label's name), identity, index, seed, and two SHA-256:
     recipe   over the options that change pixels: the job's text with the rest (people, images of each, labels, --only) left neutral;
     person   over the person's line in identities.jsonl as `diffuse sample` writes it, newline included.
   Where both are equal, images of the same identity and index are equal.

   `XML:com.adobe.xmp`: an XMP packet with the IPTC's digital source type (photo metadata standard 2022.1; vocabulary
   http://cv.iptc.org/newscodes/digitalsourcetype/): trainedAlgorithmicMedia, as faces come from a statistical model derived from
   sampled content (scans, people's measurements), not algorithmicMedia, which is said to be based on no sampled data at all; and
   compositeSynthetic where a photograph of a folder stands behind the face.

   Nothing of it depends on how or when a set is run: the same image has the same bytes alone, in shards or after a resume. */
#ifndef DF_DATASET_STAMP_H
#define DF_DATASET_STAMP_H

#include "base/sha256.h"
#include "dataset/job.h"
#include "face/person.h"
#include "image/png.h"

enum { STAMP_TEXTS = 2, STAMP_TEXT = 512 };
#define STAMP_KEYWORD "diffuse"

/* What the files of a run have in common; made once. */
typedef struct stamp {
    char recipe[DF_SHA256_TEXT];
    uint64_t seed;
    bool has_photographs; /* backgrounds of a folder */
} stamp;
DF_API bool stamp_init(stamp *out, const render_job *job, df_error *err) DF_CHECKED;

/* The person of an image; one that is the same as last time is not hashed again, which is told by the id. {0} to begin with. */
typedef struct stamped_person {
    char id[PERSON_ID], sha256[DF_SHA256_TEXT];
} stamped_person;
DF_API bool stamp_person(stamped_person *out, const person *who, const face_model *model, df_error *err) DF_CHECKED;

/* The texts of one file, for png_encode_with. what: NULL for the image, else a label's name. They point into `out`. */
typedef struct stamp_file {
    char text[STAMP_TEXT];
    png_note texts[STAMP_TEXTS];
} stamp_file;
DF_API void stamp_write(const stamp *run, const stamped_person *who, uint32_t index, const char *what, stamp_file *out);

#endif
