/* escape.h: other people's text inside XML, HTML, URLs and data: what comes out is always well-formed, whatever went in. Broken
   UTF-8 and characters that XML 1.0 forbids become U+FFFD. */
#ifndef DF_PLOT_ESCAPE_H
#define DF_PLOT_ESCAPE_H

#include "base/text.h"

/* For element content and for attribute values in double quotes. */
DF_API void escape_xml(df_text *out, const char *text);

/* A relative path as the value of href or src: all but letters, digits and "/._-~" as %XX; a name that could be read as a scheme
   ("a:b") or as a host ("//x") is no longer one. */
DF_API void escape_url_path(df_text *out, const char *path);

/* RFC 4648, with padding. */
DF_API void escape_base64(df_text *out, const void *data, size_t size);

#endif
