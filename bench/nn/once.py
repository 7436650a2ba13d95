"""PyTorch's side of bench/startup.sh: once.py script|eager WEIGHTS IN.npy OUT.npy. One run in one process: of a frozen TorchScript file, or of
torchvision's class with a state dictionary."""

import sys

import numpy
import torch

form, weights, source, out = sys.argv[1:]
torch.set_num_threads(1)
if form == "script":
    model = torch.jit.load(weights)
else:
    import torchvision

    model = torchvision.models.mobilenet_v2(weights=None)
    model.load_state_dict(torch.load(weights))
    model.eval()
with torch.inference_mode():
    numpy.save(out, model(torch.from_numpy(numpy.load(source))).numpy())
