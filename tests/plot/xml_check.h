/* xml_check.h: is a text well-formed XML, as far as what we write goes: one root, tags closed in order, attributes quoted and not
   doubled, no bare '<' or '&', entities of five names or numbers, UTF-8 without forbidden characters. */
#ifndef DF_TESTS_XML_CHECK_H
#define DF_TESTS_XML_CHECK_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { XML_DEEPEST = 64, XML_NAME = 64, XML_ATTRIBUTES = 24 };

typedef struct xml_reader {
    const char *at;
    const char *fault; /* NULL: none yet */
    char open[XML_DEEPEST][XML_NAME];
    int depth, roots;
} xml_reader;

static inline bool xml_fail(xml_reader *x, const char *fault)
{
    if (!x->fault)
        x->fault = fault;
    return false;
}

static inline bool xml_is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == ':' || c == '_';
}

static inline bool xml_name(xml_reader *x, char out[XML_NAME])
{
    size_t size = 0;
    while (xml_is_name(x->at[size]))
        size++;
    if (size == 0 || size >= XML_NAME)
        return xml_fail(x, "expected a name");
    memcpy(out, x->at, size);
    out[size] = '\0';
    x->at += size;
    return true;
}

static inline void xml_blanks(xml_reader *x)
{
    x->at += strspn(x->at, " \n\t");
}

static inline bool xml_entity(xml_reader *x)
{
    static const char *const known[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
    for (size_t i = 0; i < DF_ARRAY_LEN(known); i++)
        if (strncmp(x->at, known[i], strlen(known[i])) == 0) {
            x->at += strlen(known[i]);
            return true;
        }
    return xml_fail(x, "a bare &");
}

/* One character of text or of an attribute's value. */
static inline bool xml_character(xml_reader *x)
{
    const size_t length = df_utf8_length(x->at);
    if (*x->at == '&')
        return xml_entity(x);
    if (*x->at == '<')
        return xml_fail(x, "a bare <");
    if (length == 0 || ((unsigned char)*x->at < ' ' && *x->at != '\n' && *x->at != '\t') || strncmp(x->at, "\xEF\xBF\xBE", 3) == 0 ||
        strncmp(x->at, "\xEF\xBF\xBF", 3) == 0)
        return xml_fail(x, "a character that XML forbids");
    x->at += length;
    return true;
}

static inline bool xml_attributes(xml_reader *x)
{
    char names[XML_ATTRIBUTES][XML_NAME];
    int count = 0;
    for (xml_blanks(x); xml_is_name(*x->at); xml_blanks(x)) {
        if (count == XML_ATTRIBUTES || !xml_name(x, names[count]))
            return xml_fail(x, "too many attributes");
        for (int i = 0; i < count; i++)
            if (strcmp(names[i], names[count]) == 0)
                return xml_fail(x, "an attribute twice");
        count++;
        if (x->at[0] != '=' || x->at[1] != '"')
            return xml_fail(x, "an attribute without quotes");
        for (x->at += 2; *x->at != '"';)
            if (*x->at == '\0' || !xml_character(x))
                return xml_fail(x, "a value without end");
        x->at++;
    }
    return true;
}

static inline bool xml_open_tag(xml_reader *x)
{
    if (x->depth == XML_DEEPEST || !xml_name(x, x->open[x->depth]) || !xml_attributes(x))
        return xml_fail(x, "too deep");
    const bool is_closed = *x->at == '/';
    x->at += is_closed;
    if (*x->at++ != '>')
        return xml_fail(x, "a tag without end");
    x->roots += x->depth == 0;
    x->depth += !is_closed;
    return true;
}

static inline bool xml_close_tag(xml_reader *x)
{
    char name[XML_NAME];
    x->at++;
    if (!xml_name(x, name) || *x->at++ != '>')
        return xml_fail(x, "a closing tag without end");
    if (x->depth == 0 || strcmp(x->open[--x->depth], name) != 0)
        return xml_fail(x, "a tag closed that is not the open one");
    return true;
}

static inline bool xml_next(xml_reader *x)
{
    if (x->at[0] == '<' && x->at[1] == '!' && x->depth == 0) {
        x->at += strcspn(x->at, ">") + 1;
        return true;
    }
    if (x->at[0] == '<') {
        x->at++;
        return *x->at == '/' ? xml_close_tag(x) : xml_open_tag(x);
    }
    if (x->depth == 0 && !strchr(" \n", *x->at))
        return xml_fail(x, "text outside of the root");
    return xml_character(x);
}

/* NULL, or what is wrong. */
static inline const char *xml_fault(const char *text)
{
    xml_reader x = {.at = text};
    while (*x.at && !x.fault && xml_next(&x))
        continue;
    if (!x.fault && (x.depth > 0 || x.roots != 1))
        x.fault = "not one root that is closed";
    return x.fault;
}

/* Text that a stranger may put into a name. */
static const char *const xml_hostile[] = {
    "<script>alert(1)</script>",
    "\"' onload='x' \"",
    "a & b &amp; c",
    "]]>--><!--",
    "\xff\xfe broken \xc3",
    "\x01\x1f control",
    "\xEF\xBF\xBF",
    "",
    "e\xCC\x81 \xE2\x82\xAC \xF0\x9F\x98\x80",
};

#endif
