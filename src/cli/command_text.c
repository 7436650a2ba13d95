/* command_text.c: measures each piece before it is added. */
#include "cli/command_text.h"

#include <string.h>

enum { LINE = 100 };

static const char INDENT[] = "   ";

static void add_quoted(df_text *out, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-,:=+@%";
    if (*word && word[strspn(word, plain)] == '\0') {
        df_text_add(out, word);
        return;
    }
    df_text_add(out, "'");
    for (; *word; word++)
        if (*word == '\'')
            df_text_add(out, "'\\''");
        else
            df_text_add_bytes(out, word, 1);
    df_text_add(out, "'");
}

command_text command_text_begin(df_text *out)
{
    const command_text text = {.out = out, .line = out->size};
    df_text_add(out, "diffuse");
    return text;
}

void command_text_add(command_text *text, const char *word, const char *value)
{
    df_text piece = {0};
    add_quoted(&piece, word);
    if (value) {
        df_text_add(&piece, " ");
        add_quoted(&piece, value);
    }
    if (text->out->size - text->line + piece.size > LINE) {
        df_text_add(text->out, " \\\n");
        text->line = text->out->size;
        df_text_add(text->out, INDENT);
    }
    df_text_add(text->out, " ");
    df_text_add_bytes(text->out, piece.data ? piece.data : "", piece.size);
    text->out->failed |= piece.failed;
    df_text_free(&piece);
}
