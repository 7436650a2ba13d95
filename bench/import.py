#!/usr/bin/env python3
"""bench/import.py BUILD [FOLDER]: how long `diffuse model import` takes for a file of the Basel Face Model's real size (53490 vertices,
199 + 199 components, 106466 triangles; the numbers are made up), and how much memory: as MATLAB 7 writes it, and packed. The files are made
in FOLDER (a temporary one without it; 700 MB) and removed. Prints seconds (median of three), peak resident memory and its ratio to the
numbers that the file holds."""

import array
import os
import random
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

VERTICES, TRIANGLES, COMPONENTS, RUNS = 53490, 106466, 199, 3
ROWS = 3 * VERTICES


def element(kind, data):
    return struct.pack("<II", kind, len(data)) + data + b"\0" * (-len(data) % 8)


def matrix(name, rows, columns, numbers):
    """A single-precision matrix; numbers are its bytes, column by column."""
    body = element(6, struct.pack("<II", 7, 0)) + element(5, struct.pack("<ii", rows, columns)) + element(1, name.encode()) + element(7, numbers)
    return struct.pack("<II", 14, len(body)) + body


def columns_of(scale, seed):
    """Columns of smooth-looking numbers: one block of random ones, turned a little for each column."""
    block = array.array("f", (random.Random(seed).gauss(0, scale) for _ in range(ROWS)))
    return b"".join((block[k * 31:] + block[:k * 31]).tobytes() for k in range(COMPONENTS))


def variables():
    mean = array.array("f", (1e5 * ((i * 37 % 1000) / 1000 - 0.5) for i in range(ROWS))).tobytes()
    colour = array.array("f", (100 + i % 100 for i in range(ROWS))).tobytes()
    deviations = array.array("f", (1e6 / (k + 1) for k in range(COMPONENTS))).tobytes()
    corners = array.array("f", [1 + (t + c) % VERTICES for c in range(3) for t in range(TRIANGLES)]).tobytes()
    yield matrix("shapeMU", ROWS, 1, mean)
    yield matrix("shapePC", ROWS, COMPONENTS, columns_of(1 / ROWS**0.5, 1))
    yield matrix("shapeEV", COMPONENTS, 1, deviations)
    yield matrix("texMU", ROWS, 1, colour)
    yield matrix("texPC", ROWS, COMPONENTS, columns_of(1 / ROWS**0.5, 2))
    yield matrix("texEV", COMPONENTS, 1, array.array("f", (1000 / (k + 1) for k in range(COMPONENTS))).tobytes())
    yield matrix("tl", TRIANGLES, 3, corners)


def write(path, is_packed):
    """Returns the bytes of the variables, unpacked."""
    content = 0
    with open(path, "wb") as file:
        file.write(b"MATLAB 5.0 MAT-file, made up".ljust(116) + b"\0" * 8 + b"\0\x01IM")
        for variable in variables():
            content += len(variable)
            packed = zlib.compress(variable, 1) if is_packed else variable
            file.write(struct.pack("<II", 15, len(packed)) + packed if is_packed else variable)
    return content


def measure(words):
    start = time.monotonic()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, "the import failed"
    return time.monotonic() - start, usage.ru_maxrss * 1024


def main():
    program = Path(sys.argv[1], "diffuse")
    with tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as folder:
        for name, is_packed in (("plain", False), ("packed", True)):
            path, out = Path(folder, "01_MorphableModel.mat"), Path(folder, "m.safetensors")
            content = write(path, is_packed)
            runs = [measure([program, "model", "import", path, "--out", out]) for _ in range(RUNS)]
            seconds, peak = statistics.median(s for s, _ in runs), max(p for _, p in runs)
            print(f"{name}: {seconds:.2f} s ({min(s for s, _ in runs):.2f} to {max(s for s, _ in runs):.2f}), "
                  f"peak {peak / 1e6:.0f} MB, {peak / content:.2f} of the {content / 1e6:.0f} MB that the file holds")


if __name__ == "__main__":
    sys.exit(main())
