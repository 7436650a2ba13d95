#!/usr/bin/env bash
# A training step (forward, backward, SGD with momentum) of MobileNetV2 for faces at 112 and of ResNet18 at 64, 32 images, beside PyTorch's in all
# its forms, warm, taking turns; peak memory of the processes; that the first losses agree. REPEATS=15, THREADS='1 2', ROWS as in nn.sh. Needs ./setup.sh bench and a quiet machine.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=bench/nn/prepare.sh
. bench/nn/prepare.sh
"$python" "$turns" training
