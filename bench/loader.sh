#!/bin/sh
# What the data loader delivers, and how long a training waits for it. Builds in build/bench.
set -eu
cd "$(dirname "$0")/.."
cmake -S . -B build/bench -G Ninja -DDIFFUSE_BENCH=ON -DCMAKE_BUILD_TYPE=Release >/dev/null
cmake --build build/bench --target bench_loader >/dev/null
sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1
cc --version | head -n 1
exec build/bench/bench/bench_loader
