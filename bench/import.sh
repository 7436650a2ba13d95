#!/bin/sh
# How long `diffuse model import` takes for a file of the Basel Face Model's real size, and how much memory. Some 700 MB of
# temporary files; a minute and a half.
set -eu
cd "$(dirname "$0")/.."
cmake -S . -B build/bench -G Ninja -DCMAKE_BUILD_TYPE=Release >/dev/null
cmake --build build/bench --target diffuse >/dev/null
python3 bench/import.py build/bench "$@"
