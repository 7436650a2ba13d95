/* The peak that timings are set against. How high it is depends on the machine; that it is a rate at all does not. */
#include "nn/fma_peak.h"

#include <math.h>
#include <string.h>

#include "check.h"

static void the_widest_vectors_are_taken(void **state)
{
    (void)state;
    const nn_fma_peak peak = nn_measure_fma_peak();
    assert_true(isfinite(peak.rate) && peak.rate > 0);
#if defined(__x86_64__)
    __builtin_cpu_init();
    const char *wanted = __builtin_cpu_supports("avx512f")                                 ? "AVX-512"
                         : __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? "AVX2"
                                                                                           : "plain";
    assert_string_equal(peak.instructions, wanted);
#else
    assert_string_equal(peak.instructions, "plain");
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_widest_vectors_are_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
