#!/usr/bin/env python3
"""Ten times as much work takes ten times as long and no more memory: sample, render, and the commands that walk over a set. The long form
grows by ten once more, and asks that the exponent of time over size is below 1.05. $DIFFUSE is the program, $MODEL a small model."""

import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROGRAM, MODEL = os.environ["DIFFUSE"], os.environ["MODEL"]
IS_LONG = bool(os.environ.get("DIFFUSE_SOAK"))
SIZES = (200, 2000, 20000) if IS_LONG else (40, 400)  # images
EXPONENT, MEMORY = 1.05, 1.15  # allowed: growth of time, and of the largest resident set
SMALL_MB = 8  # that memory may grow by in any case: what the C library and the threads keep

COMMANDS = (
    "sample --model {model} --count {people} --out {size}.jsonl --quiet",
    "render --model {model} --identities {size}.jsonl --per-identity 10 --size 32 --threads 2 --quiet --out set-{size}",
    "dataset verify set-{size} --threads 2 --quiet",
    "dataset stats set-{size} --quiet",
    "dataset subset set-{size} --where yaw>0 --out sub-{size} --quiet",
    "dataset export set-{size} --to webdataset --out tar-{size} --quiet",
    "dataset import set-{size} --out again-{size} --threads 2 --quiet",
)


def measure(folder, words):
    """Seconds and the largest resident set in MB of one process."""
    begin = time.monotonic()
    process = subprocess.Popen([PROGRAM, *words.split()], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE)
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"{words}: {process.returncode} {said}"
    return time.monotonic() - begin, usage.ru_maxrss / 1024


def faults_of(command, seconds, memory):
    """Of one command at all sizes."""
    faults = []
    if memory[-1] > MEMORY * memory[0] and memory[-1] > memory[0] + SMALL_MB:
        faults.append(f"{command}: memory grows from {memory[0]:.1f} to {memory[-1]:.1f} MB")
    exponent = math.log(seconds[-1] / seconds[-2]) / math.log(SIZES[-1] / SIZES[-2])
    if IS_LONG and exponent > EXPONENT:
        faults.append(f"{command}: time grows with exponent {exponent:.3f}")
    return faults


def main():
    faults = []
    assert faults_of("planted", [1] * len(SIZES), [10.0] * (len(SIZES) - 1) + [50.0]), "the test finds no fault where there is one"
    with tempfile.TemporaryDirectory() as name:
        for command in COMMANDS:
            figures = [measure(Path(name), command.format(model=MODEL, size=size, people=size // 10)) for size in SIZES]
            seconds, memory = [figure[0] for figure in figures], [figure[1] for figure in figures]
            print(" ".join(command.split()[:2]), *(f"{size}: {s:.2f} s {m:.1f} MB;" for size, s, m in zip(SIZES, seconds, memory)))
            faults += faults_of(command, seconds, memory)
    for fault in faults:
        print(fault)
    print(f"{len(COMMANDS)} commands at {len(SIZES)} sizes, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
