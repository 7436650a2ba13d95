"""What bench/nn.sh, bench/nn_train.sh and bench/startup.sh run: DIFFUSE and its peers take turns, a run each, and medians are printed of wall
clock and of processor time (of all threads together).

    turns.py outputs|training|startup       in a work folder; REPEATS, THREADS, ROWS, BATCH, DIFFUSE, BENCH_NN, NODE_PATH come from the environment"""

import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy
import torch

import models

HERE = Path(__file__).parent
REPEATS = int(os.environ.get("REPEATS", "15"))
WARM = 3  # runs that are not counted: the JIT compiles in the second, pages come in the first
BATCH = os.environ.get("BATCH")  # in the place of the rows', to try the scripts
PAUSE_S = 0.05  # between turns, so that the threads of the one before have gone to sleep

OUTPUT_ROWS = (("resnet50", 8), ("resnet50", 1), ("inception_v3", 8), ("inception_v3", 1), ("mobilenet_v2", 8), ("mobilenet_v2", 1),
               ("resnet18", 32))
OUTPUT_FORMS = ("eager", "channels_last", "frozen", "frozen_last")
TRAINING_ROWS = (("mobilenet_v2_face", 32), ("resnet18", 32))
TRAINING_FORMS = ("eager", "channels_last", "script", "script_last")


class Side:
    """A process that answers lines."""

    def __init__(self, name, words, threads):
        self.name, self.wall, self.busy, self.losses = name, [], [], []
        environment = {**os.environ, "OMP_NUM_THREADS": str(threads)}
        self.process = subprocess.Popen([str(word) for word in words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
                                        env=environment)
        self.demand("ready")

    def read(self):
        line = self.process.stdout.readline().strip()
        if not line:
            raise SystemExit(f"turns.py: {self.name} ended with status {self.process.wait()}")
        return line

    def demand(self, expected):
        line = self.read()
        while line.startswith("["):  # what libraries say
            line = self.read()
        assert line == expected, f"{self.name}: {line}"

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        return self.read()

    def turn(self, counts):
        time.sleep(PAUSE_S)
        numbers = [float(word) for word in self.ask("run").split()]
        if counts:
            self.wall.append(numbers[0])
            self.busy.append(numbers[1])
        self.losses += numbers[2:]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def take_turns(sides):
    for i in range(WARM + REPEATS):
        for k in range(len(sides)):  # whoever begins changes, so that nobody always follows the same one
            sides[(i + k) % len(sides)].turn(i >= WARM)


def chosen(rows):
    pattern = re.compile(os.environ.get("ROWS", ""))
    for name, batch in rows:
        for threads in os.environ.get("THREADS", "1 2").split():
            if pattern.search(f"{name} {batch} {threads}"):
                yield name, int(BATCH or batch), int(threads)


def write_files(name, batch, is_training):
    """The weights, the images and the ONNX model of a row, once. Returns their stem."""
    stem = Path(f"{name}-{batch}")
    if Path(f"{stem}.npz").exists():
        return stem
    model, x = models.make(name), models.images(batch, models.SIZES[name])
    torch.save(model.state_dict(), f"{stem}.pth")
    if is_training:
        numpy.savez(f"{stem}.npz", x=x.numpy(), y=models.labels(batch).numpy().astype(numpy.float32))
        return stem
    x.numpy().tofile(f"{stem}.f32")
    torch.onnx.export(model, x, f"{stem}.onnx", input_names=["x"], output_names=["logits"], opset_version=13)
    numpy.savez(f"{stem}.npz", x=x.numpy())
    return stem


def output_of(side):
    path = Path("output.npz" if side.name == "diffuse" else "output.f32")
    assert side.ask(f"output {path}") == "done"
    if side.name == "diffuse":
        with numpy.load(path) as arrays:
            return arrays["logits"].reshape(-1)
    return numpy.fromfile(path, numpy.float32)


def print_row(title, sides, columns):
    """columns: further text of each side."""
    ours = statistics.median(sides[0].wall)
    best = min(sides[1:], key=lambda side: statistics.median(side.wall))
    print(f"\n{title}")
    for side, more in zip(sides, columns):
        wall, busy = statistics.median(side.wall), statistics.median(side.busy)
        print(f"  {side.name:22} {wall:9.2f} ms ({min(side.wall):.2f} to {max(side.wall):.2f}), processor {busy:9.2f} ms, {wall / ours:5.2f} of diffuse{more}")
    wall = statistics.median(best.wall) / ours
    busy = min(statistics.median(side.busy) for side in sides[1:]) / statistics.median(sides[0].busy)
    print(f"  diffuse is {wall:.2f} times as fast as the best peer, {best.name}; by processor time {busy:.2f} times the best", flush=True)
    return wall, busy


def compare_outputs():
    ratios = []
    for name, batch, threads in chosen(OUTPUT_ROWS):
        stem, size = write_files(name, batch, False), models.SIZES[name]
        sides = [Side("diffuse", [os.environ["BENCH_NN"], "run", name, f"{stem}.pth", f"{stem}.npz"], threads),
                 Side("onnxruntime", ["node", HERE / "ort.js", f"{stem}.onnx", f"{stem}.f32", f"{batch},3,{size},{size}", threads], threads)]
        sides += [Side("torch " + form, [sys.executable, HERE / "peer.py", "run", form, name, batch, threads], threads) for form in OUTPUT_FORMS]
        take_turns(sides)
        outputs = [output_of(side) for side in sides]
        wanted = outputs[1 + 1]  # eager PyTorch's
        off = [float(numpy.linalg.norm(output - wanted) / numpy.linalg.norm(wanted)) for output in outputs]
        ratios.append(print_row(f"{name}, {batch} x {size} x {size}, {threads} threads", sides, [f", off eager by {one:.1e}" for one in off]))
        for side in sides:
            side.close()
        assert max(off) < 1e-3, f"outputs differ: {off}"
    return ratios


def compare_training():
    ratios = []
    for name, batch, threads in chosen(TRAINING_ROWS):
        stem, size = write_files(name, batch, True), models.SIZES[name]
        sides = [Side("diffuse", [os.environ["BENCH_NN"], "train", name, f"{stem}.pth", f"{stem}.npz"], threads)]
        sides += [Side("torch " + form, [sys.executable, HERE / "peer.py", "train", form, name, batch, threads], threads) for form in TRAINING_FORMS]
        take_turns(sides)
        columns, least = [], []
        for side in sides:
            most, before = (int(word) / 1024 for word in side.ask("memory").split())
            least.append(most)
            columns.append(f", at most {most:.0f} MB ({most - before:.0f} more than before the network), loss {side.losses[0]:.5f} to {side.losses[-1]:.5f}")
        ratios.append(print_row(f"step of {name}, {batch} x {size} x {size}, {threads} threads", sides, columns))
        print(f"  peak memory {least[0] / min(least[1:]):.2f} of the least peer's")
        for side in sides:
            side.close()
        assert abs(sides[0].losses[0] - sides[1].losses[0]) < 1e-3 * abs(sides[1].losses[0]), "the first losses differ"
    return ratios


class Start:
    """A program that is started anew each turn."""

    def __init__(self, name, words, stdin=""):
        self.name, self.words, self.stdin, self.wall, self.busy = name, [str(word) for word in words], stdin, [], []

    def turn(self, counts):
        begin = time.perf_counter()
        process = subprocess.Popen(self.words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env={**os.environ, "OMP_NUM_THREADS": "1"})
        process.stdin.write(self.stdin.encode())
        process.stdin.close()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, f"{self.name}: {process.returncode}"
        if counts:
            self.wall.append(1e3 * (time.perf_counter() - begin))
            self.busy.append(1e3 * (used.ru_utime + used.ru_stime))


def compare_startup():
    name = "mobilenet_v2"
    stem, size = write_files(name, 1, False), models.SIZES[name]
    model, x = models.make(name), models.images(1, size)
    numpy.save("in.npy", x.numpy())
    with torch.no_grad():
        torch.jit.freeze(torch.jit.trace(model, x)).save("frozen.pt")
        wanted = model(x).numpy().reshape(-1)
    subprocess.run([os.environ["DIFFUSE"], "weights", "convert", f"{stem}.pth", "--out", f"{stem}.safetensors", "--quiet"], check=True, stdout=subprocess.DEVNULL)
    once = HERE / "once.py"
    sides = [Start("diffuse", [os.environ["DIFFUSE"], "net", "run", name, "--weights", f"{stem}.safetensors", "--input", f"{stem}.npz", "--output",
                               "out.npz", "--threads", "1", "--quiet"]),
             Start("onnxruntime", ["node", HERE / "ort.js", f"{stem}.onnx", f"{stem}.f32", f"1,3,{size},{size}", 1], "run\noutput out.f32\n"),
             Start("torch script", [sys.executable, once, "script", "frozen.pt", "in.npy", "script.npy"]),
             Start("torch eager", [sys.executable, once, "eager", f"{stem}.pth", "in.npy", "eager.npy"])]
    take_turns(sides)
    with numpy.load("out.npz") as arrays:
        outputs = [arrays["logits"].reshape(-1), numpy.fromfile("out.f32", numpy.float32), numpy.load("script.npy").reshape(-1), numpy.load("eager.npy").reshape(-1)]
    off = [float(numpy.linalg.norm(output - wanted) / numpy.linalg.norm(wanted)) for output in outputs]
    ratio = print_row("one image through MobileNetV2, from the program's start to its end, 1 thread", sides, [f", off by {one:.1e}" for one in off])
    assert max(off) < 1e-3, f"outputs differ: {off}"
    return [ratio]


def main():
    with open("/proc/cpuinfo") as lines:
        print(next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "unknown processor"))
    with open("/proc/loadavg") as line:
        print(f"load average {' '.join(line.read().split()[:3])}; PyTorch {torch.__version__}; medians of {REPEATS} turns after {WARM} that are not counted")
    ratios = {"outputs": compare_outputs, "training": compare_training, "startup": compare_startup}[sys.argv[1]]()
    print("\ntimes as fast as the best peer, by wall clock: " + ", ".join(f"{wall:.2f}" for wall, _ in ratios))
    print("the same by processor time: " + ", ".join(f"{busy:.2f}" for _, busy in ratios))


main()
