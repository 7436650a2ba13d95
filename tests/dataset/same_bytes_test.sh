#!/usr/bin/env bash
# A small data set in every band, crop and label has the bytes whose hash stands beside this script: with any compiler, in builds for
# SSE2, AVX2 and AVX-512 (-DDIFFUSE_ISA=...), by one thread or two, and where libm finds no FMA or AVX2. Whoever changes what is
# drawn on purpose writes the new hash with --update and says so in the commit.
set -u
here=$(cd "$(dirname "$0")" && pwd)
expected=$here/same_bytes.sha256
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: "${DIFFUSE:?the program}" "${MODEL:?a face model}"
failures=0

digest() { # THREADS: of three sets
    local out=$work/set$((sets += 1)) common=(--model "$MODEL" --identities "$work/ids.jsonl" --per-identity 4 --seed 7 --threads "$1" --quiet)
    "$DIFFUSE" sample --model "$MODEL" --count 3 --balance gender --seed 5 --out "$work/ids.jsonl" --quiet >/dev/null &&
        "$DIFFUSE" render "${common[@]}" --size 64 --labels segmentation,depth,normals --glasses 0.5 --hat 0.3 --out "$out/940" >/dev/null &&
        "$DIFFUSE" render "${common[@]}" --size 48 --band rgb --samples 1 --sunglasses 0.5 --out "$out/rgb" >/dev/null &&
        "$DIFFUSE" render "${common[@]}" --size 112 --band 850 --bits 16 --crop arcface --background noise --out "$out/850" >/dev/null &&
        (cd "$out" && find . -type f ! -path '*/.*' ! -name README.md ! -name croissant.json | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum | cut -d ' ' -f 1)
}

sets=0
found=$(digest 1)
if [ "${1:-}" = --update ]; then
    echo "$found" >"$expected"
    exit
fi
check() { # SENTENCE HASH
    if [ "$2" = "$(cat "$expected")" ]; then
        echo "ok: $1"
    else
        echo "FAILED: $1: $2, expected $(cat "$expected")"
        failures=$((failures + 1))
    fi
}
check "one thread" "$found"
sets=1
check "two threads" "$(digest 2)"
masked=-AVX512F,-AVX2,-AVX2_Usable,-FMA,-FMA_Usable,-AVX,-AVX_Usable # what glibc calls them, in any version
sets=2
export GLIBC_TUNABLES=glibc.cpu.hwcaps=$masked
check "without FMA and AVX in libm" "$(digest 1)"
exit $((failures > 0))
