#!/bin/sh
# Compares the rasterizer with Mesa's llvmpipe (libosmesa6-dev), one thread each, taking turns. Builds in build/bench.
set -eu
cd "$(dirname "$0")/.."
cmake -S . -B build/bench -G Ninja -DDIFFUSE_BENCH=ON -DCMAKE_BUILD_TYPE=Release >/dev/null
cmake --build build/bench --target bench_raster >/dev/null
sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1
printf '%s; Mesa %s\n' "$(cc --version | head -n 1)" "$(pkg-config --modversion osmesa)"
LP_NUM_THREADS=0 GALLIUM_DRIVER=llvmpipe exec build/bench/bench/bench_raster
