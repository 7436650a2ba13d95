#!/bin/sh
# How well a linear classifier in the shape components tells gender and group of held-out heads, with and without the modes from
# scans, for pure and for mixed groups. Needs the assets that setup.sh fetches. Some 15 seconds a model.
set -eu
cd "$(dirname "$0")/.."
cmake -S . -B build/bench -G Ninja -DCMAKE_BUILD_TYPE=Release >/dev/null
cmake --build build/bench --target diffuse >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for modes in none ict; do
    for groups in pure soft; do
        printf '%s modes, %s groups: ' "$modes" "$groups"
        build/bench/diffuse model build --identity-modes "$modes" --groups "$groups" --out "$folder/model" --quiet "$@" | tail -n 1
    done
done
