# shellcheck shell=bash
# prepare.sh: what the scripts that compare networks have in common; sourced by them, in the source tree's root. Builds in build/bench, looks for
# the peers, and makes a work folder, which goes when the script ends. BENCH_DIR=FOLDER makes it there instead of in /dev/shm.
python=${PYTHON:-/usr/bin/python3}
"$python" -c 'import numpy, torch, torchvision' || { echo "$0: python3-torch or python3-torchvision is not there: ./setup.sh bench" >&2; exit 1; }
data=${XDG_DATA_HOME:-$HOME/.local/share}/diffuse
export NODE_PATH=
for package in "$data"/onnxruntime-node-* "$data"/onnxruntime-common-*; do
    [ -d "$package" ] || { echo "$0: ONNX Runtime is not there: ./setup.sh bench" >&2; exit 1; }
    NODE_PATH=$NODE_PATH:$package
done
if [ -z "${DIFFUSE:-}" ]; then
    cmake -S . -B build/bench -G Ninja -Wno-dev -DDIFFUSE_BENCH=ON -DCMAKE_BUILD_TYPE=Release >/dev/null
    cmake --build build/bench --target diffuse bench_nn >/dev/null
    DIFFUSE=$PWD/build/bench/diffuse BENCH_NN=$PWD/build/bench/bench/bench_nn
fi
export DIFFUSE BENCH_NN PYTHONDONTWRITEBYTECODE=1
turns=$PWD/bench/nn/turns.py
work=$(mktemp -d -p "${BENCH_DIR:-/dev/shm}")
trap 'rm -rf "$work"' EXIT
cd "$work"
