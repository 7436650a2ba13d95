/* demographics.c: three small indices make a cell. */
#include "dataset/demographics.h"

#include <math.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/stop.h"

enum { LONGEST_LINE = 1 << 20, OLDEST = 200 };

static const float usual_edges[] = {18, 30, 45, 60, 76};

demographics demographics_empty(void)
{
    demographics out = {.age_count = DF_ARRAY_LEN(usual_edges) - 1};
    memcpy(out.age_edges, usual_edges, sizeof usual_edges);
    return out;
}

/* Where the name stands in the list; new names are added, the last place is everybody else's. */
static int place(char (*names)[FACE_NAME], int *count, int room, const char *name)
{
    static const char other[] = "other";
    const char *said = *name ? name : "unknown";
    for (int i = 0; i < *count; i++)
        if (strcmp(names[i], said) == 0)
            return i;
    if (*count == room)
        return room - 1;
    const char *taken = *count == room - 1 ? other : said;
    const size_t length = strlen(taken) < FACE_NAME ? strlen(taken) : FACE_NAME - 1;
    memcpy(names[*count], taken, length);
    names[*count][length] = '\0';
    return (*count)++;
}

int demographics_group(const demographics *counts, const char *group)
{
    const char *said = *group ? group : "unknown";
    for (int g = 0; g < counts->group_count; g++)
        if (strcmp(counts->groups[g], said) == 0)
            return g;
    return counts->group_count - 1;
}

int demographics_age_bin(const demographics *counts, float age)
{
    int bin = 0;
    while (bin < counts->age_count - 1 && age >= counts->age_edges[bin + 1])
        bin++;
    return bin;
}

void demographics_add(demographics *counts, const char *gender, const char *group, float age, demographics_count what)
{
    const int g = place(counts->genders, &counts->gender_count, DEMOGRAPHICS_GENDERS, gender);
    const int e = place(counts->groups, &counts->group_count, DEMOGRAPHICS_GROUPS, group);
    demographics_count *cell = isnan(age) ? &counts->ageless[g][e] : &counts->cells[g][e][demographics_age_bin(counts, age)];
    cell->people += what.people;
    cell->images += what.images;
}

static void add_count(demographics_count *sum, const demographics_count *cell)
{
    sum->people += cell->people;
    sum->images += cell->images;
}

demographics_count demographics_sum(const demographics *counts, int gender, int group, int age)
{
    demographics_count sum = {0};
    for (int g = 0; g < counts->gender_count; g++)
        for (int e = 0; e < counts->group_count; e++) {
            if ((gender >= 0 && g != gender) || (group >= 0 && e != group))
                continue;
            for (int a = 0; a < counts->age_count; a++)
                if (age < 0 || a == age)
                    add_count(&sum, &counts->cells[g][e][a]);
            if (age < 0)
                add_count(&sum, &counts->ageless[g][e]);
        }
    return sum;
}

static bool add_line(const char *line, size_t length, demographics *counts, df_error *err)
{
    const char *gender;
    double age;
    json_t *person = df_json_parse(line, length, err);
    if (!person)
        return false;
    const json_t *group = json_object_get(person, "ethnicity");
    const bool is_good = df_json_get_string(person, "gender", &gender, err) && df_json_get_number(person, "age", 0, OLDEST, &age, err);
    if (is_good)
        demographics_add(counts, gender, json_is_string(group) ? json_string_value(group) : "unknown", (float)age,
                         (demographics_count){.people = 1});
    json_decref(person);
    return is_good;
}

bool demographics_read_people(const char *path, demographics *counts, df_error *err)
{
    const char *line = NULL;
    size_t length = 0;
    df_lines *lines = df_lines_open(path, LONGEST_LINE, err);
    if (!lines)
        return false;
    bool is_good;
    while ((is_good = df_may_go_on(err) && df_lines_next(lines, &line, &length, err)) && line) {
        if (length > 0 && !(is_good = add_line(line, length, counts, err))) {
            df_fail_in(err, "%s: line %zu", path, df_lines_number(lines));
            break;
        }
    }
    df_lines_close(lines);
    return is_good;
}
