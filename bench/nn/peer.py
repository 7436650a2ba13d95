"""PyTorch's side of bench/nn.sh and bench/nn_train.sh: peer.py run|train FORM NET BATCH THREADS; lines as ours.c has them. FORM: eager,
channels_last, frozen (traced, frozen, optimize_for_inference), frozen_last (the same in channels_last); in training: eager, channels_last,
script (traced), script_last."""

import resource
import sys
import time

import torch

import models


def memory():
    """Kilobytes; ru_maxrss is at least what the process held that started this one."""
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


def processor_time():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def inference(form, name, batch):
    """A function that runs once and returns the output."""
    model, x = models.make(name), models.images(batch, models.SIZES[name])
    if form.endswith("last"):
        model, x = model.to(memory_format=torch.channels_last), x.contiguous(memory_format=torch.channels_last)
    if form.startswith("frozen"):
        with torch.no_grad():
            model = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(model, x)))

    def run():
        with torch.inference_mode():
            return model(x)

    return run


def training(form, name, batch):
    """A function that does one step and returns the loss before it."""
    model, x, y = models.training_model(name), models.images(batch, models.SIZES[name]), models.labels(batch)
    if form.endswith("last"):
        model, x = model.to(memory_format=torch.channels_last), x.contiguous(memory_format=torch.channels_last)
    if form.startswith("script"):
        model = torch.jit.trace(model, x, check_trace=False)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.001, momentum=0.9)

    def run():
        optimizer.zero_grad(set_to_none=True)
        loss = torch.nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss

    return run


def main():
    what, form, name, batch, threads = sys.argv[1:]
    torch.set_num_threads(int(threads))
    torch.set_num_interop_threads(1)
    before = memory()
    run = (training if what == "train" else inference)(form, name, int(batch))
    print("ready", flush=True)
    output = None
    for line in sys.stdin:
        word, _, rest = line.strip().partition(" ")
        if word == "run":
            used, wall = processor_time(), time.perf_counter()
            output = run()
            wall, used = time.perf_counter() - wall, processor_time() - used
            print(f"{1e3 * wall:.4f} {1e3 * used:.4f}" + (f" {output.item():.9g}" if what == "train" else ""), flush=True)
        elif word == "output":
            output.contiguous().numpy().tofile(rest)
            print("done", flush=True)
        else:
            print(memory(), before, flush=True)


main()
