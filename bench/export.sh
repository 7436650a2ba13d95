#!/usr/bin/env bash
# Every form of `diffuse dataset export`: images a second of writing it and of reading it back by a reader that is not ours (export_read.py:
# Python's own modules and python3-lmdb; every image and label as bytes, none decoded), beside what the disk does with the same set
# (`cp -r`) and with the same bytes in one file. Writing includes syncing the file system; reading comes from the page cache. Each is
# done RUNS (5) times in turn; medians and spread. IMAGES (2000) and SIZE (112) make the set, BENCH_DIR=FOLDER is the disk to write to.
set -euo pipefail
cd "$(dirname "$0")/.."
images=${IMAGES:-2000} size=${SIZE:-112} runs=${RUNS:-5}
diffuse=${DIFFUSE:-build/diffuse} model=${MODEL:-build/default.safetensors}
if [ -z "${DIFFUSE:-}" ]; then
    cmake -G Ninja -S . -B build -Wno-dev >/dev/null
    ninja -C build diffuse >/dev/null
fi
[ -e "$model" ] || "$diffuse" model build --out "$model" --quiet >/dev/null
work=$(mktemp -d -p "${BENCH_DIR:-build}")
trap 'rm -rf "$work"' EXIT
people=$((images / 20))
"$diffuse" sample --model "$model" --count "$people" --balance gender --seed 11 --out "$work/people.jsonl" --quiet >/dev/null
"$diffuse" render --model "$model" --identities "$work/people.jsonl" --per-identity 20 --size "$size" --band rgb --seed 3 --samples 1 \
    --labels segmentation --out "$work/set" --quiet >/dev/null
images=$((people * 20))
bytes=$(du -sb "$work/set" | cut -f 1)

timed() { # NAME COMMAND...: appends its seconds to time.NAME
    local name=$1 start end
    shift
    start=$(date +%s%N)
    "$@" >/dev/null
    end=$(date +%s%N)
    echo "$start $end" | awk '{print ($2 - $1) / 1e9}' >>"$work/time.$name"
}
with_sync() { # PLACE COMMAND...
    local place=$1
    shift
    "$@" && sync -f "$place"
}
options() { # FORM
    case $1 in
    pairs | bin) echo "--pairs 100" ;;
    stylegan-zip) echo "--size 128" ;;
    esac
}

forms=$("$diffuse" help dataset export --json |
    python3 -c 'import json, sys; print(*next(o["choices"] for o in json.load(sys.stdin)[0]["options"] if o["name"] == "to"))')
for ((run = 0; run < runs; run++)); do
    timed copy with_sync "$work" cp -r "$work/set" "$work/copy"
    rm -rf "$work/copy"
    timed bytes with_sync "$work" dd if=/dev/zero of="$work/bytes" bs=1M count=$(((bytes + 1048575) / 1048576)) status=none
    rm -f "$work/bytes"
    for form in $forms; do
        # shellcheck disable=SC2046 # several words or none
        timed "$form.write" with_sync "$work" "$diffuse" dataset export "$work/set" --to "$form" --out "$work/out" --quiet $(options "$form")
        du -sb "$work/out" | cut -f 1 >"$work/size.$form"
        timed "$form.read" /usr/bin/python3 bench/export_read.py "$form" "$work/out"
        /usr/bin/python3 bench/export_read.py "$form" "$work/out" >"$work/count.$form"
        rm -rf "$work/out"
    done
done

median() { sort -n "$1" | awk '{t[NR] = $1} END {print t[int((NR + 1) / 2)]}'; }
spread() { sort -n "$1" | awk '{t[NR] = $1} END {printf "%.2f to %.2f", t[1], t[NR]}'; }
grep -m1 'model name' /proc/cpuinfo || true
"$diffuse" version | head -n 1
echo "$images images of $size x $size, RGB, with segmentation: $((bytes >> 20)) MiB in $(find "$work/set" -type f | wc -l) files; $runs runs; on $(stat -f -c %T "$work")"
printf '%-14s %9s %12s %16s %12s %16s %8s\n' form MiB 'write img/s' 'seconds' 'read img/s' 'seconds' images
for what in copy bytes; do
    awk -v w=$what -v n="$images" -v b="$bytes" -v t="$(median "$work/time.$what")" -v s="$(spread "$work/time.$what")" \
        'BEGIN {printf "%-14s %9.1f %12.0f %16s   %.0f MiB/s\n", w == "copy" ? "cp -r" : "dd", b / 1048576, n / t, s, b / 1048576 / t}'
done
for form in $forms; do
    awk -v f="$form" -v n="$images" -v c="$(cat "$work/count.$form")" -v b="$(cat "$work/size.$form")" -v w="$(median "$work/time.$form.write")" \
        -v ws="$(spread "$work/time.$form.write")" -v r="$(median "$work/time.$form.read")" -v rs="$(spread "$work/time.$form.read")" \
        'BEGIN {printf "%-14s %9.1f %12.0f %16s %12.0f %16s %8d\n", f, b / 1048576, n / w, ws, c / r, rs, c}'
done
