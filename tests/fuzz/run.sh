#!/usr/bin/env bash
# tests/fuzz/run.sh BUILD SECONDS: runs every fuzzer of a build so long, as many at a time as there are processors (at most
# two), from its corpus (tests/fuzz/corpus/NAME) and the broken files of its format (tests/data/broken/NAME). An input over
# 2 seconds or 512 MB is a finding like any other; findings stay in BUILD/findings.
set -u
source_tree=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$1" && pwd)
seconds=$2
findings=$build/findings
mkdir -p "$findings"

run_one() { # FUZZER: one line with what it tried
    local fuzzer=$1 name seeds=() folder new log
    name=$(basename "$fuzzer")
    name=${name#fuzz_}
    new=$build/corpus/$name # what was found to be new is kept between runs
    log=$findings/$name.log
    mkdir -p "$new"
    for folder in "$source_tree/tests/fuzz/corpus/$name" "$source_tree/tests/data/broken/$name"; do
        [ ! -d "$folder" ] || seeds+=("$folder")
    done
    if "$fuzzer" -max_total_time="$seconds" -timeout=2 -rss_limit_mb=512 -print_final_stats=1 -verbosity=0 -close_fd_mask=1 \
        -artifact_prefix="$findings/$name-" "$new" "${seeds[@]}" >"$log" 2>&1; then
        echo "fuzz $name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs, nothing found"
    else
        echo "fuzz $name: FOUND something"
        tail -n 40 "$log"
        return 1
    fi
}

failed=0
running=0
for fuzzer in "$build"/fuzz_*; do
    if [ ! -x "$fuzzer" ] || [ ! -f "$fuzzer" ]; then
        continue
    fi
    run_one "$fuzzer" &
    running=$((running + 1))
    if [ $running -ge 2 ]; then
        wait -n || failed=1
        running=$((running - 1))
    fi
done
while [ $running -gt 0 ]; do
    wait -n || failed=1
    running=$((running - 1))
done
exit $failed
