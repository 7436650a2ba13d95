#!/usr/bin/env bash
# tests/every_isa.sh: builds the program for each instruction set that this processor has (DIFFUSE_ISA), below build-isa/, and
# tries that each makes the same bytes.
set -eu
cd "$(dirname "$0")/.."
declare -A flag=([sse2]=sse2 [avx2]=avx2 [avx512]=avx512f)
for isa in sse2 avx2 avx512; do
    if ! grep -qw "${flag[$isa]}" /proc/cpuinfo; then
        echo "every_isa.sh: $isa is left out, this processor has none"
        continue
    fi
    cmake -G Ninja -S . -B "build-isa/$isa" -Wno-dev -DDIFFUSE_ISA=$isa >/dev/null
    ninja -C "build-isa/$isa" diffuse write_fixture
    ctest --test-dir "build-isa/$isa" -R 'same_bytes' --output-on-failure
done
