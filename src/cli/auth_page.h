/* auth_page.h: what auth_measure.h measured as a page, with the JSON result beside it. */
#ifndef DF_CLI_AUTH_PAGE_H
#define DF_CLI_AUTH_PAGE_H

#include "auth/auth_measure.h"

/* path: of the page; the JSON file has the same name with the ending ".json". source: the embeddings' file, named on the page. */
bool auth_page_write(const auth_result *r, const auth_setting *setting, const char *source, const char *path, df_error *err) DF_CHECKED;

#endif
