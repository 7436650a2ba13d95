#!/usr/bin/env bash
# Networks' outputs beside ONNX Runtime's and PyTorch's in all its forms, warm, taking turns: ResNet50 and MobileNetV2 at 224, Inception-v3 at
# 299, 8 images and 1, ResNet18 at 64, 32 images; 1 thread and 2. That the outputs agree. REPEATS=15, THREADS='1 2', ROWS='resnet50 8' (a regular
# expression on 'NET BATCH THREADS'). Needs ./setup.sh bench and a quiet machine.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=bench/nn/prepare.sh
. bench/nn/prepare.sh
"$python" "$turns" outputs
