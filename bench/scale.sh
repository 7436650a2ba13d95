#!/usr/bin/env bash
# Weak scaling under mpirun: one process without mpirun, 1 rank, and 2 ranks with twice the people, one thread each, five times in turn;
# medians of wall clock and of processor time of all ranks. Then what `render --plan` says of 1000 x 200 and, by the same costs, of
# 100 000 x 72 images. Needs the default model's assets (setup.sh), mpirun and a quiet machine. BENCH_DIR=FOLDER writes there instead of
# /dev/shm, DIFFUSE=FILE and MODEL=FILE take another program and model.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -z "${DIFFUSE:-}" ]; then
    cmake -G Ninja -S . -B build -Wno-dev >/dev/null
    ninja -C build diffuse >/dev/null
fi
diffuse=${DIFFUSE:-build/diffuse} model=${MODEL:-build/default.safetensors}
command -v mpirun >/dev/null || { echo "bench/scale.sh: mpirun is not there" >&2; exit 1; }
[ -e "$model" ] || "$diffuse" model build --out "$model" --quiet >/dev/null
work=$(mktemp -d -p "${BENCH_DIR:-/dev/shm}")
trap 'rm -rf "$work"' EXIT
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
for people in 24 48 1000; do
    "$diffuse" sample --model "$model" --count $people --balance gender,ethnicity,age --seed 11 --out "$work/$people.jsonl" --quiet >/dev/null
done
each=${EACH:-40}

measure() { # PEOPLE LAUNCHER...: wall clock and processor seconds of one run
    local people=$1
    shift
    /usr/bin/env time -f '%e %U %S' -o "$work/used" "$@" "$diffuse" render --model "$model" --identities "$work/$people.jsonl" --per-identity "$each" \
        --size 112 --seed 3 --quiet --threads 1 --out "$work/set" >/dev/null
    rm -rf "$work/set"
    tail -n 1 "$work/used" | awk '{print $1, $2 + $3}'
}

launches=("24 env" "24 mpirun --oversubscribe -np 1" "48 mpirun --oversubscribe -np 2")
titles=("one process" "1 rank" "2 ranks, twice the people")
measure 24 env >/dev/null # warm
for _ in 1 2 3 4 5; do
    for i in 0 1 2; do
        # shellcheck disable=SC2086
        measure ${launches[$i]} >>"$work/time.$i"
    done
done
grep -m1 'model name' /proc/cpuinfo || true
echo "load average $(cut -d ' ' -f 1-3 /proc/loadavg); 112 x 112, 940 nm, 24 people x $each images a rank, one thread a rank, model's loading included"
for i in 0 1 2; do
    wall=$(cut -d ' ' -f 1 "$work/time.$i" | sort -n | sed -n 3p) busy=$(cut -d ' ' -f 2 "$work/time.$i" | sort -n | sed -n 3p)
    images=$(((i == 2 ? 48 : 24) * each))
    [ $i = 0 ] && base=$wall base_busy=$busy
    awk -v what="${titles[$i]}" -v w="$wall" -v b="$busy" -v n=$images -v w0="$base" -v b0="$base_busy" -v m=$((i == 2 ? 2 : 1)) \
        'BEGIN {printf "%-28s wall %6.2f s (%.0f images/s, weak efficiency %.2f), processor %6.2f s (%.2f times per image)\n", what, w, n / w, w0 / w, b, b / m / b0}'
done
echo "planned, 1000 people x 200 images:"
"$diffuse" render --model "$model" --identities "$work/1000.jsonl" --per-identity 200 --size 112 --seed 3 --quiet --out "$work/none" --plan
"$diffuse" render --model "$model" --identities "$work/1000.jsonl" --per-identity 72 --size 112 --seed 3 --quiet --out "$work/none" --plan --json |
    python3 -c '
import json, sys
plan = json.load(sys.stdin)
s = plan["set"]
print("by the same costs, 100 000 people x 72 images: %.1f hours of %d threads, %.0f GB in %.1f million files, manifest %.0f GB" % (
    100 * s["hours"], plan["threads"], 100 * s["disk_bytes"] / 1e9, 100 * s["files"] / 1e6, 100 * s["manifest_bytes"] / 1e9))'
