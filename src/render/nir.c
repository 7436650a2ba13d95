/* nir.c: reflectances in the near infrared. Skin follows the reflectance database of NIST (Cooksey et al., doi
   10.18434/M38597: inner forearm of 100 people, directional-hemispherical, surface reflection included); people of all groups
   differ little there: what tells them apart is shape, hair and brows. */
#include "render/nir.h"

#include <math.h>

#include "image/colour.h"

const char *const render_band_names[BAND_COUNT] = {"rgb", "850", "940"};

/* Fresnel reflection at n = 1.4 and oil: part of the measured factor, not of the diffuse albedo. */
static const float SURFACE_REFLECTION = 0.045f;

typedef struct skin_law {
    float intercept, slope, residual; /* R(band) = intercept + slope R(550 nm), standard deviation of what remains */
    float melanin, blood;             /* log contrast kept, relative to the contrast at 550 nm */
} skin_law;

/* The regressions are ours on the 100 spectra (correlations 0.68 and 0.49). Melanin absorbs as lambda^-3.33 (Jacques, "Optical
   properties of biological tissues: a review", Phys. Med. Biol. 58, 2013): (850/550)^-3.33 = 0.235, (940/550)^-3.33 = 0.168.
   Oxygenated blood absorbs about 50 times less at 850 and 940 nm than at 550 nm (Prahl's tables in the same review);
   light goes about twice as deep there, hence 0.04. */
static const skin_law skin_laws[BAND_COUNT] = {
    [BAND_850] = {.intercept = 0.4821f, .slope = 0.3819f, .residual = 0.0237f, .melanin = 0.235f, .blood = 0.04f},
    [BAND_940] = {.intercept = 0.4703f, .slope = 0.1964f, .residual = 0.0204f, .melanin = 0.168f, .blood = 0.04f},
};

/* 5 and 95 % of the reflectance at 550 nm of the 100: beyond them too few were seen to continue the regression. */
static const float DARKEST_550 = 0.196f, LIGHTEST_550 = 0.391f;

/* How strongly a unit of melanin and of blood darkens red, green and blue (log albedo); as the model's skins are varied. */
static const float MELANIN_RGB[3] = {0.55f, 0.95f, 1.25f}, BLOOD_RGB[3] = {-0.05f, 0.75f, 0.55f};
static const float DARKEST = 0.003f, BRIGHTEST = 0.9f; /* albedo: logarithms stay finite, nothing reflects more than comes */

static void log_albedo(const float display[3], float out[3])
{
    for (int c = 0; c < 3; c++)
        out[c] = logf(fmaxf(srgb_to_linear(display[c]), DARKEST));
}

/* Least squares of -deviation = m MELANIN + b BLOOD over the three channels. */
static void pigments(const float deviation[3], float *m, float *b)
{
    float mm = 0, mb = 0, bb = 0, md = 0, bd = 0;
    for (int c = 0; c < 3; c++) {
        mm += MELANIN_RGB[c] * MELANIN_RGB[c];
        mb += MELANIN_RGB[c] * BLOOD_RGB[c];
        bb += BLOOD_RGB[c] * BLOOD_RGB[c];
        md -= MELANIN_RGB[c] * deviation[c];
        bd -= BLOOD_RGB[c] * deviation[c];
    }
    const float determinant = mm * bb - mb * mb;
    *m = (md * bb - bd * mb) / determinant;
    *b = (bd * mm - md * mb) / determinant;
}

/* Mean linear albedo of the vertices that count, per channel; a fair skin's where none does. */
static void mean_albedo(const float *display, const uint8_t *is_skin, int count, float mean[3])
{
    double sum[3] = {0}, n = 0;
    for (int i = 0; i < count; i++) {
        if (!is_skin[i])
            continue;
        for (int c = 0; c < 3; c++)
            sum[c] += (double)srgb_to_linear(display[3 * (int64_t)i + c]);
        n += 1;
    }
    for (int c = 0; c < 3; c++)
        mean[c] = n > 0 ? fmaxf((float)(sum[c] / n), DARKEST) : 0.3f;
}

/* The contrast that is left of each vertex's deviation from the mean; 1 is the mean's own. */
static void local_contrast(const skin_law *law, const float *display, const float mean[3], int count, float *contrast)
{
    const float centre[3] = {logf(mean[0]), logf(mean[1]), logf(mean[2])};
    for (int i = 0; i < count; i++) {
        float value[3], m, b;
        log_albedo(display + 3 * (int64_t)i, value);
        const float deviation[3] = {value[0] - centre[0], value[1] - centre[1], value[2] - centre[2]};
        pigments(deviation, &m, &b);
        contrast[i] = expf(-law->melanin * MELANIN_RGB[1] * m - law->blood * BLOOD_RGB[1] * b);
    }
}

/* Scales so that the mean over the vertices that count is `wanted`. */
static void scale_to_mean(const uint8_t *is_skin, int count, float wanted, float *albedo)
{
    double sum = 0, n = 0;
    for (int i = 0; i < count; i++)
        if (is_skin[i]) {
            sum += (double)albedo[i];
            n += 1;
        }
    const float scale = n > 0 ? wanted / (float)(sum / n) : wanted;
    for (int i = 0; i < count; i++)
        albedo[i] = fminf(albedo[i] * scale, BRIGHTEST);
}

void nir_skin(render_band band, const float *display, const uint8_t *is_skin, int count, float tone, float *albedo)
{
    const skin_law *law = &skin_laws[band];
    float mean[3];
    mean_albedo(display, is_skin, count, mean);
    const float at_550 = fminf(fmaxf(mean[1] + SURFACE_REFLECTION, DARKEST_550), LIGHTEST_550);
    local_contrast(law, display, mean, count, albedo);
    scale_to_mean(is_skin, count, law->intercept + law->slope * at_550 + law->residual * tone - SURFACE_REFLECTION, albedo);
}

/* Of hair no measured reflectance at 850 or 940 nm was found. The cortex attenuates less at longer wavelengths and with less
   pigment (J. Biomed. Opt. 14(2) 024035): black stays dark, brown turns light. Chosen so that a brown (melanin 0.5) of
   visible albedo 0.1 reaches 0.2, black stays below 0.1, and white hair is the same in all bands. */
typedef struct hair_law {
    float attenuation[3]; /* albedo = WHITE_HAIR exp(-attenuation melanin^0.8) */
} hair_law;
static const float WHITE_HAIR = 0.55f;
static const hair_law hair_laws[BAND_COUNT] = {
    [BAND_RGB] = {{2.4f, 3.0f, 3.8f}},
    [BAND_850] = {{2.0f, 2.0f, 2.0f}},
    [BAND_940] = {{1.75f, 1.75f, 1.75f}},
};

void hair_albedo(render_band band, float melanin, float grey, float albedo[3])
{
    const float amount = powf(melanin, 0.8f);
    for (int c = 0; c < 3; c++) {
        const float pigmented = WHITE_HAIR * expf(-hair_laws[band].attenuation[c] * amount);
        albedo[c] = pigmented + grey * (WHITE_HAIR - pigmented);
    }
}

/* Iris: 0.03 to 0.07 in vivo at 780 nm, hardly depending on pigment (Di Cecilia and Rovati 2020, doi 10.1063/1.5125575; read
   second-hand; Daugman: pigment plays almost no role from 700 to 900 nm): the upper end, as the texture's pattern lies
   below it. Sclera: 0.50 at 780 nm for 1 mm (Bashkatov 2010), 0.59 at 804 nm (Vogel 1991), reduced scattering as
   lambda^-1.325: times 0.89 at 850 and 0.78 at 940 nm. Teeth, tongue, frames and cloth: no source; teeth bright as enamel and
   dentine scatter, tongue as lips (skin without much blood contrast), frames dark plastic, cloth as dyes that fade in the
   near infrared. */
static const float things[BAND_COUNT][NIR_THING_COUNT] = {
    [BAND_RGB] = {1, 1, 1, 1, 1, 1},
    [BAND_850] =
        {[NIR_IRIS] = 0.07f, [NIR_SCLERA] = 0.48f, [NIR_TEETH] = 0.55f, [NIR_TONGUE] = 0.45f, [NIR_FRAME] = 0.06f, [NIR_CLOTH] = 0.35f},
    [BAND_940] =
        {[NIR_IRIS] = 0.07f, [NIR_SCLERA] = 0.42f, [NIR_TEETH] = 0.48f, [NIR_TONGUE] = 0.38f, [NIR_FRAME] = 0.06f, [NIR_CLOTH] = 0.33f},
};

float nir_albedo(render_band band, nir_thing thing)
{
    return things[band][thing];
}
