#!/bin/sh
# The Fréchet distance of two sets of 2048 features, of 5000 and of 500 samples each: `diffuse fid` as a whole process, files read, beside
# pytorch-fid's way in Python (numpy's mean and cov, scipy's sqrtm), its modules loaded and arrays in memory before. Both on OpenBLAS
# with THREADS (2) threads, in turn, RUNS (5) times; medians of wall clock and of processor time. Needs Debian's python3-numpy and python3-scipy.
set -eu
cd "$(dirname "$0")/.."
PROGRAM=${PROGRAM:-}
if [ -z "$PROGRAM" ]; then
    cmake -S . -B build/bench -G Ninja -DCMAKE_BUILD_TYPE=Release -Wno-dev >/dev/null
    cmake --build build/bench --target diffuse >/dev/null
    PROGRAM=build/bench/diffuse
fi
THREADS=${THREADS:-2}
OPENBLAS_NUM_THREADS=$THREADS OMP_NUM_THREADS=$THREADS exec /usr/bin/python3 bench/fid_peer.py "$PROGRAM" "${RUNS:-5}" "$THREADS"
