#!/usr/bin/env bash
# The whole process: one image through MobileNetV2 with weights from a file, `diffuse net run` beside node with ONNX Runtime and python3 with
# PyTorch, started anew each turn. REPEATS=15. Needs ./setup.sh bench and a quiet machine.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=bench/nn/prepare.sh
. bench/nn/prepare.sh
"$python" "$turns" startup
