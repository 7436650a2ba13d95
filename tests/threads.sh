#!/usr/bin/env bash
# threads.sh: runs tests and commands that use threads as ThreadSanitizer's build in the folder $1 has them; further arguments
# are the tests. Prints how many were run; the first report of a race ends it with status 66.
set -eu
build=$(realpath "$1")
shift
export DIFFUSE=$build/diffuse MODEL=$build/fixture.safetensors BUILD=$build
export OMP_NUM_THREADS=4 TSAN_OPTIONS="ignore_noninstrumented_modules=1 halt_on_error=1 exitcode=66"
archer=$(find /usr/lib/llvm-*/lib -name 'libarcher.so' | sort | tail -n 1)
[ -n "$archer" ] || { echo "threads.sh: libarcher.so of libomp is missing" >&2; exit 1; }
export OMP_TOOL_LIBRARIES=$archer

# The test of the test: a race that is there is reported.
cat >"$build/race.c" <<'END'
int main(void)
{
    int count = 0;
#pragma omp parallel for num_threads(4)
    for (int i = 0; i < 100000; i++)
        count++;
    return count == 0;
}
END
clang -O1 -g -fsanitize=thread -fopenmp "$build/race.c" -o "$build/race"
status=0
"$build/race" >/dev/null 2>&1 || status=$?
[ $status = 66 ] || { echo "threads.sh: a planted race is not reported" >&2; exit 1; }

"$build/write_fixture" "$MODEL"
"$build/write_miniatures" "$build/miniatures"
for name in "$@"; do
    "$build/$name" >"$build/$name.log" 2>&1 || { cat "$build/$name.log"; exit 66; }
done
echo "threads.sh: $# tests without a race"
"$(dirname "$0")/faults/threads.py"
