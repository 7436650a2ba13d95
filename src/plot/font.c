/* font.c: glyphs as strokes. A stroke is a chain of points, each two digits of base 36: x and y in half pixels; strokes are
   separated by a blank. '~' before four digits is a quadratic curve: its control point, then its end. Rows: 0 is the top of
   capitals, 6 that of small letters, g (16) the base line, m (22) the end of descenders. Stems and bars have even numbers. */
#include "plot/font.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

enum { FIRST = 32, LAST = 126, BOX = 127, GLYPHS = BOX - FIRST + 1, CURVE_STEPS = 6, STEM = 2 };

typedef struct glyph {
    unsigned char advance; /* half pixels */
    const char *strokes;
} glyph;

static const glyph glyphs[GLYPHS] = {
    [' ' - FIRST] = {8, ""},
    ['!' - FIRST] = {6, "000b 0f0g"},
    ['"' - FIRST] = {10, "0004 4044"},
    ['#' - FIRST] = {14, "202g 606g 0484 0c8c"},
    ['$' - FIRST] = {14, "83~8040~0004~0848~888c~8g4g~0g0d 404i"},
    ['%' - FIRST] = {18, "30~0003~0636~6663~6030 9a~6a6d~6g9g~cgcd~ca9a b01g"},
    ['&' - FIRST] = {16, "ag37~1050~8083~8649~0a0c~0g4g~9ga9"},
    ['\'' - FIRST] = {6, "0004"},
    ['(' - FIRST] = {8, "30~0409~0e3i"},
    [')' - FIRST] = {8, "00~3439~3e0i"},
    ['*' - FIRST] = {12, "3037 0265 6205"},
    ['+' - FIRST] = {14, "464e 0a8a"},
    [',' - FIRST] = {6, "1f0j"},
    ['-' - FIRST] = {12, "0a6a"},
    ['.' - FIRST] = {6, "0f0g"},
    ['/' - FIRST] = {10, "600i"},
    ['0' - FIRST] = {14, "40~0008~0g4g~8g88~8040"},
    ['1' - FIRST] = {14, "03404g"},
    ['2' - FIRST] = {14, "04~0040~8084~875a0g8g"},
    ['3' - FIRST] = {14, "03~0040~8084~884828 48~888c~8g4g~0g0d"},
    ['4' - FIRST] = {14, "6g600c8c"},
    ['5' - FIRST] = {14, "801007~2646~868b~8g4g~1g0d"},
    ['6' - FIRST] = {14, "72~6040~000b~0g4g~8g8b~8646~060b"},
    ['7' - FIRST] = {14, "00803g"},
    ['8' - FIRST] = {14, "40~0004~0848~888c~8g4g~0g0c~0848~8884~8040"},
    ['9' - FIRST] = {14, "1e~2g4g~8g85~8040~0005~0a4a~8a85"},
    [':' - FIRST] = {6, "0708 0f0g"},
    [';' - FIRST] = {6, "1718 1f0j"},
    ['<' - FIRST] = {14, "750a7f"},
    ['=' - FIRST] = {14, "0888 0c8c"},
    ['>' - FIRST] = {14, "157a1f"},
    ['?' - FIRST] = {12, "03~0030~6063~66393b 3f3g"},
    ['@' - FIRST] = {18, "ag~8h6h~0h08~0060~c0c8~cbab~8b88 8588 55~3538~3b5b~8b88~8555"},
    ['A' - FIRST] = {14, "0g50ag 2a8a"},
    ['B' - FIRST] = {14, "0g0050~8084~8858 0858~888c~8g5g0g"},
    ['C' - FIRST] = {16, "a4~a050~0008~0g5g~agac"},
    ['D' - FIRST] = {16, "0040~a0a8~ag4g0g00"},
    ['E' - FIRST] = {12, "80000g8g 0868"},
    ['F' - FIRST] = {12, "80000g 0868"},
    ['G' - FIRST] = {16, "a4~a050~0008~0g5g~agaca868"},
    ['H' - FIRST] = {16, "000g a0ag 08a8"},
    ['I' - FIRST] = {6, "000g"},
    ['J' - FIRST] = {12, "606b~6g3g~0g0c"},
    ['K' - FIRST] = {14, "000g 900a 369g"},
    ['L' - FIRST] = {12, "000g8g"},
    ['M' - FIRST] = {18, "0g006ac0cg"},
    ['N' - FIRST] = {16, "0g00aga0"},
    ['O' - FIRST] = {16, "50~0008~0g5g~aga8~a050"},
    ['P' - FIRST] = {14, "0g0050~8084~885808"},
    ['Q' - FIRST] = {16, "50~0008~0g5g~aga8~a050 6cai"},
    ['R' - FIRST] = {14, "0g0050~8084~885808 488g"},
    ['S' - FIRST] = {14, "83~8040~0004~0848~888c~8g4g~0g0d"},
    ['T' - FIRST] = {12, "0080 404g"},
    ['U' - FIRST] = {14, "000b~0g4g~8g8b80"},
    ['V' - FIRST] = {14, "005ga0"},
    ['W' - FIRST] = {20, "004g82cgg0"},
    ['X' - FIRST] = {14, "009g 900g"},
    ['Y' - FIRST] = {12, "004880 484g"},
    ['Z' - FIRST] = {14, "00800g8g"},
    ['[' - FIRST] = {8, "30000i3i"},
    ['\\' - FIRST] = {10, "006i"},
    [']' - FIRST] = {8, "00303i0i"},
    ['^' - FIRST] = {14, "054085"},
    ['_' - FIRST] = {12, "0i8i"},
    ['`' - FIRST] = {8, "0023"},
    ['a' - FIRST] = {14, "18~1646~868a8g 8a4a~0a0d~0g3g~7g8d"},
    ['b' - FIRST] = {14, "000g 0b~0646~868b~8g4g~0g0b"},
    ['c' - FIRST] = {12, "89~8646~060b~0g4g~8g8d"},
    ['d' - FIRST] = {14, "808g 8b~8646~060b~0g4g~8g8b"},
    ['e' - FIRST] = {14, "0a8a~8646~060b~0g4g~7g8e"},
    ['f' - FIRST] = {10, "60~20242g 0656"},
    ['g' - FIRST] = {14, "868i~8m4m~1m0k 8b~8646~060b~0g4g~8g8b"},
    ['h' - FIRST] = {14, "000g 0a~0646~868a8g"},
    ['i' - FIRST] = {6, "060g 0102"},
    ['j' - FIRST] = {8, "262j~2m0m 2122"},
    ['k' - FIRST] = {12, "000g 760c 3a8g"},
    ['l' - FIRST] = {8, "000d~0g3g"},
    ['m' - FIRST] = {18, "060g 0a~0636~666a6g 6a~6696~c6cacg"},
    ['n' - FIRST] = {14, "060g 0a~0646~868a8g"},
    ['o' - FIRST] = {14, "46~060b~0g4g~8g8b~8646"},
    ['p' - FIRST] = {14, "060m 0b~0646~868b~8g4g~0g0b"},
    ['q' - FIRST] = {14, "868m 8b~8646~060b~0g4g~8g8b"},
    ['r' - FIRST] = {10, "060g 0a~0656"},
    ['s' - FIRST] = {12, "68~6636~0609~0b3b~6b6d~6g3g~0g0e"},
    ['t' - FIRST] = {10, "222d~2g5g 0656"},
    ['u' - FIRST] = {14, "060c~0g4g~8g8c 868g"},
    ['v' - FIRST] = {12, "064g86"},
    ['w' - FIRST] = {16, "063g679gc6"},
    ['x' - FIRST] = {12, "068g 860g"},
    ['y' - FIRST] = {12, "064g 863k~2m0m"},
    ['z' - FIRST] = {12, "06860g8g"},
    ['{' - FIRST] = {10, "40~202426~2909~292c2e~2i4i"},
    ['|' - FIRST] = {6, "000i"},
    ['}' - FIRST] = {10, "00~202426~2949~292c2e~2i0i"},
    ['~' - FIRST] = {14, "0c~184a~7c88"},
    [BOX - FIRST] = {14, "00808g0g00"},
};

typedef struct pen {
    const char *next; /* what of the strokes is still to read */
    float x, y;
    font_segment *out;
    int count;
} pen;

/* Half pixels to the middle of the pixel that a stem at scale 1 fills. */
static float read_digit(pen *at)
{
    const char digit = *at->next++;
    return 0.5f * (float)(digit <= '9' ? digit - '0' : digit - 'a' + 10) + 0.5f;
}

static void line_to(pen *at, float x, float y)
{
    at->out[at->count++] = (font_segment){.ax = at->x, .ay = at->y, .bx = x, .by = y};
    at->x = x;
    at->y = y;
}

static void curve_to(pen *at, float cx, float cy, float x, float y)
{
    const float x0 = at->x, y0 = at->y;
    for (int i = 1; i <= CURVE_STEPS; i++) {
        const float t = (float)i / CURVE_STEPS, a = (1 - t) * (1 - t), b = 2 * t * (1 - t), c = t * t;
        line_to(at, a * x0 + b * cx + c * x, a * y0 + b * cy + c * y);
    }
}

int font_glyph(unsigned char character, font_segment out[FONT_MAX_SEGMENTS], float *advance)
{
    const glyph *shape = &glyphs[(character < FIRST || character > LAST ? BOX : character) - FIRST];
    pen at = {.next = shape->strokes, .out = out};
    bool is_down = false;
    while (*at.next) {
        const bool is_curve = *at.next == '~', is_break = *at.next == ' ';
        at.next += is_curve || is_break;
        is_down = is_down && !is_break;
        const float x = read_digit(&at), y = read_digit(&at);
        if (is_curve) {
            const float end_x = read_digit(&at), end_y = read_digit(&at);
            curve_to(&at, x, y, end_x, end_y);
        } else if (is_down) {
            line_to(&at, x, y);
        } else {
            at.x = x;
            at.y = y;
            is_down = true;
        }
    }
    *advance = 0.5f * (float)shape->advance;
    return at.count;
}

unsigned char font_character(const char *text, size_t *bytes)
{
    const size_t length = df_utf8_length(text);
    const unsigned char first = (unsigned char)*text;
    *bytes = length ? length : 1;
    return first >= FIRST && first <= LAST ? first : BOX;
}

static float advance_of(unsigned char character)
{
    return 0.5f * (float)glyphs[character - FIRST].advance;
}

float font_width(const char *text, float scale)
{
    float width = 0;
    while (*text) {
        size_t bytes;
        width += advance_of(font_character(text, &bytes));
        text += bytes;
    }
    return width > 0 ? (width - STEM) * scale : 0;
}

size_t font_fit(const char *text, float scale, float room)
{
    const float dots = font_width("...", scale);
    size_t at = 0, fits = 0;
    float width = 0;
    if (font_width(text, scale) <= room)
        return strlen(text);
    while (text[at]) {
        size_t bytes;
        width += advance_of(font_character(text + at, &bytes)) * scale;
        if (width + dots > room)
            break;
        const bool is_blank = text[at] == ' '; /* none before the dots */
        at += bytes;
        fits = is_blank ? fits : at;
    }
    return fits;
}
