#!/bin/sh
# `diffuse auth eval` on 20 000 embeddings of 512 elements (200 million pairs; synthetic: points around 1000 centres) beside NumPy's matrix
# product alone, with the same number of threads, in turn. Needs python3-numpy. THREADS (1), RUNS (5).
set -eu
cd "$(dirname "$0")/.."
cmake -S . -B build/bench -G Ninja -DCMAKE_BUILD_TYPE=Release >/dev/null
cmake --build build/bench --target diffuse >/dev/null
/usr/bin/python3 bench/auth_eval.py build/bench/diffuse "${THREADS:-1}" "${RUNS:-5}"
