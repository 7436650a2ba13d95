#!/usr/bin/env bash
# The whole path from identities to files: images a second at 112 pixels, with 4 samples and with 1, by 2 threads and by 1, and what
# each dense label adds, each run five times in turn; medians. Needs the default model's assets (setup.sh) and a quiet machine. BENCH_DIR=FOLDER
# writes there instead of /dev/shm.
set -euo pipefail
cd "$(dirname "$0")/.."
cmake -G Ninja -S . -B build -Wno-dev >/dev/null
ninja -C build diffuse >/dev/null
# In memory where there is room: a disk's file system takes from 0.05 to over 1 ms to create a file, which is not ours to tell.
work=$(mktemp -d -p "${BENCH_DIR:-/dev/shm}")
trap 'rm -rf "$work"' EXIT
diffuse=build/diffuse
[ -e build/default.safetensors ] || $diffuse model build --out build/default.safetensors --quiet >/dev/null
$diffuse sample --model build/default.safetensors --count 24 --balance gender,ethnicity,age --seed 11 --out "$work/people.jsonl" --quiet
images=960

seconds() { # of one run with these options; the set is on disk when it ends
    local start end
    start=$(date +%s%N)
    $diffuse render --model build/default.safetensors --identities "$work/people.jsonl" --per-identity 40 --size 112 --seed 3 --quiet \
        --out "$work/set" "$@" >/dev/null
    end=$(date +%s%N)
    rm -rf "$work/set"
    echo "$start $end" | awk '{print ($2 - $1) / 1e9}'
}

runs=("--threads 2" "--threads 1" "--threads 2 --samples 1" "--threads 2 --labels segmentation" "--threads 2 --labels depth" "--threads 2 --labels normals")
seconds --threads 2 >/dev/null # warm
for _ in 1 2 3 4 5; do
    for i in "${!runs[@]}"; do
        # shellcheck disable=SC2086
        seconds ${runs[$i]} >>"$work/time.$i"
    done
done
grep -m1 'model name' /proc/cpuinfo || true
echo "112 x 112, 940 nm, 24 people x 40 images, mesh: unsubdivided skin (8608 triangles) and parts; loading the model included"
base=$(sort -n "$work/time.0" | sed -n 3p)
for i in "${!runs[@]}"; do
    sort -n "$work/time.$i" | awk -v what="${runs[$i]}" -v n=$images -v base="$base" \
        '{t[NR] = $1} END {printf "%-40s %7.1f images/s (%.1f to %.1f), time %.2f of the first\n", what, n / t[3], n / t[5], n / t[1], t[3] / base}'
done
echo "where the time goes (2 threads):"
$diffuse render --model build/default.safetensors --identities "$work/people.jsonl" --per-identity 40 --size 112 --seed 3 --quiet --threads 2 \
    --out "$work/set" --timing
