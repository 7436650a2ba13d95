/* Charts: always well-formed, whatever stands in names and numbers; bars as tall as their numbers; the same bytes each time. */
#include "check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/chart.h"
#include "xml_check.h"

static void assert_well_formed(df_text *svg)
{
    const char *fault = svg->failed ? "memory" : xml_fault(svg->data);
    if (fault)
        fail_msg("%s in %s", fault, svg->data);
    assert_null(strstr(svg->data, "nan"));
    assert_null(strstr(svg->data, "null"));
    assert_null(strstr(svg->data, "inf\""));
    df_text_free(svg);
}

static const double strange[6] = {0, (double)NAN, 1e300, HUGE_VAL, 1, 3};

static void hostile_names_stay_names_in_every_chart(void **state)
{
    (void)state;
    static const int64_t counts[3] = {1, 0, 7};
    static const double values[4] = {1, 2, 0, 5}, x[3] = {0, 0.5, 1};
    for (size_t i = 0; i < DF_ARRAY_LEN(xml_hostile); i++) {
        const char *name = xml_hostile[i], *const names[2] = {name, name};
        const chart_frame frame = {.title = name, .x_label = name, .y_label = name};
        df_text svg[5] = {{0}};
        chart_histogram(&svg[0], &frame,
                        &(chart_bins){.high = 1, .bins = 3, .series_count = 2, .series = (chart_counts[]){{name, counts}, {name, counts}}});
        chart_bars(&svg[1], &frame,
                   &(chart_categories){
                       .names = names, .count = 2, .series_count = 2, .series = (chart_bar_series[]){{name, values}, {name, values}}});
        chart_lines(&svg[2], &frame, &(chart_curves){.series = (chart_line_series[]){{name, x, x, 3}, {name, x, x, 3}}, .series_count = 2});
        chart_matrix(&svg[3], &frame,
                     &(chart_confusion){.rows = names, .columns = names, .row_count = 2, .column_count = 2, .values = values});
        chart_numbers(&svg[4], &frame, (chart_number[]){{name, name}}, 1);
        for (int k = 0; k < 5; k++)
            assert_well_formed(&svg[k]);
    }
}

static void numbers_that_are_no_numbers_are_left_out(void **state)
{
    (void)state;
    const char *const names[6] = {"a", "b", "c", "d", "e", "f"};
    df_text svg[3] = {{0}};
    chart_bars(&svg[0], &(chart_frame){0},
               &(chart_categories){.names = names, .count = 6, .series_count = 1, .series = (chart_bar_series[]){{"s", strange}}});
    chart_lines(&svg[1], &(chart_frame){0},
                &(chart_curves){.series = (chart_line_series[]){{"s", strange, strange, 6}}, .series_count = 1});
    chart_lines(&svg[2], &(chart_frame){0},
                &(chart_curves){.series = (chart_line_series[]){{"s", strange, strange, 2}}, .series_count = 1, .x_scale = CHART_LOG});
    for (int k = 0; k < 3; k++)
        assert_well_formed(&svg[k]);
}

static void charts_of_nothing_are_charts(void **state)
{
    (void)state;
    static const int64_t none[4] = {0};
    static const double zero[4] = {0};
    const char *const names[2] = {"a", "b"};
    df_text svg[4] = {{0}};
    chart_histogram(
        &svg[0], &(chart_frame){0},
        &(chart_bins){
            .low = -1, .high = 1, .bins = 4, .measure = CHART_SHARES, .series_count = 1, .series = (chart_counts[]){{NULL, none}}});
    chart_bars(&svg[1], &(chart_frame){0},
               &(chart_categories){.names = names, .count = 2, .series_count = 1, .series = (chart_bar_series[]){{NULL, zero}}});
    chart_lines(&svg[2], &(chart_frame){0}, &(chart_curves){.series = (chart_line_series[]){{NULL, zero, zero, 0}}, .series_count = 1});
    chart_matrix(&svg[3], &(chart_frame){0},
                 &(chart_confusion){.rows = names, .columns = names, .row_count = 2, .column_count = 2, .values = zero});
    for (int k = 0; k < 4; k++)
        assert_well_formed(&svg[k]);
}

/* The number behind `name="` in the element that begins at `at`. */
static double attribute(const char *at, const char *name)
{
    char key[32];
    snprintf(key, sizeof key, " %s=\"", name);
    const char *found = strstr(at, key);
    assert_non_null(found);
    return strtod(found + strlen(key), NULL);
}

static void bars_are_as_tall_as_their_counts_and_tile_the_axis(void **state)
{
    (void)state;
    static const int64_t counts[8] = {5, 1, 20, 7, 0, 3, 11, 2};
    df_text svg = {0};
    chart_histogram(&svg, &(chart_frame){0},
                    &(chart_bins){.low = 0, .high = 8, .bins = 8, .series_count = 1, .series = (chart_counts[]){{"s", counts}}});
    const char *at = svg.data;
    double unit = 0, base = 0, right = 0;
    for (int i = 0; i < 8; i++) {
        if (counts[i] == 0)
            continue;
        at = strstr(at, "<rect class=\"b s0\"");
        assert_non_null(at);
        const double height = attribute(at, "height"), x = attribute(at, "x"), y = attribute(at, "y");
        if (i == 0) {
            unit = height / (double)counts[0];
            base = y + height;
        }
        assert_true(fabs(height - unit * (double)counts[i]) < 0.02 && fabs(y + height - base) < 0.02); /* two decimals are written */
        assert_true(i == 0 || counts[i - 1] == 0 || fabs(x - right - 1) < 0.03);                       /* one unit of gap */
        right = x + attribute(at, "width");
        at++;
    }
    assert_null(strstr(at, "<rect class=\"b s0\""));
    df_text_free(&svg);
}

static void a_line_on_a_logarithmic_axis_has_equal_decades(void **state)
{
    (void)state;
    static const double x[4] = {1e-3, 1e-2, 1e-1, 1}, y[4] = {0, 1, 2, 3};
    df_text svg = {0};
    chart_lines(&svg, &(chart_frame){0},
                &(chart_curves){.series = (chart_line_series[]){{"s", x, y, 4}}, .series_count = 1, .x_scale = CHART_LOG});
    char *at = strstr(svg.data, " l\" d=\"M");
    assert_non_null(at);
    at += strlen(" l\" d=\"M");
    double px[4], py[4];
    for (int i = 0; i < 4; i++) {
        px[i] = strtod(at, &at);
        py[i] = strtod(at, &at);
        at++;
    }
    for (int i = 1; i < 3; i++) {
        assert_true(fabs((px[i + 1] - px[i]) - (px[1] - px[0])) < 0.03 && px[1] > px[0]);
        assert_true(fabs((py[i + 1] - py[i]) - (py[1] - py[0])) < 0.03 && py[1] < py[0]);
    }
    df_text_free(&svg);
}

static void the_same_numbers_are_the_same_bytes(void **state)
{
    (void)state;
    static const double values[9] = {95, 3, 2, 1, 97, 2, 8, 2, 90};
    const char *const names[3] = {"African", "Asian", "Caucasian"};
    df_text first = {0}, second = {0};
    const chart_confusion data = {.rows = names, .columns = names, .row_count = 3, .column_count = 3, .values = values};
    chart_matrix(&first, &(chart_frame){.title = "T"}, &data);
    chart_matrix(&second, &(chart_frame){.title = "T"}, &data);
    assert_string_equal(first.data, second.data);
    assert_non_null(strstr(first.data, ">95.0 %<"));
    df_text_free(&first);
    df_text_free(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_names_stay_names_in_every_chart),
        cmocka_unit_test(numbers_that_are_no_numbers_are_left_out),
        cmocka_unit_test(charts_of_nothing_are_charts),
        cmocka_unit_test(bars_are_as_tall_as_their_counts_and_tile_the_axis),
        cmocka_unit_test(a_line_on_a_logarithmic_axis_has_equal_decades),
        cmocka_unit_test(the_same_numbers_are_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
