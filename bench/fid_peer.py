"""Runs `diffuse fid` and what pytorch-fid computes on the same files in turn; called by fid.sh."""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import numpy
import scipy
from scipy import linalg

DIMS = 2048


def write_set(path, count, seed, shift):
    """Numbers above 0 with a falling spectrum, as Inception's features have."""
    random = numpy.random.RandomState(seed)
    scale = numpy.exp(-numpy.arange(DIMS) / 200)
    mix = numpy.random.RandomState(7).randn(DIMS, DIMS) / DIMS**0.5
    rows = numpy.abs((random.randn(count, DIMS) * scale) @ mix + 0.3 * shift * mix[0] + 0.1).astype("float32")
    numpy.savez(path, features=rows)
    return rows


def peer(a, b):
    """mean, cov, sqrtm and the sum, as pytorch-fid has them."""
    (mu1, sigma1), (mu2, sigma2) = ((numpy.mean(x, axis=0), numpy.cov(x, rowvar=False)) for x in (a, b))
    root, _ = linalg.sqrtm(sigma1.dot(sigma2), disp=False)
    difference = mu1 - mu2
    return difference.dot(difference) + numpy.trace(sigma1) + numpy.trace(sigma2) - 2 * numpy.trace(root.real)


def ours(program, folder, threads):
    words = [program, "fid", f"{folder}/a.npz", f"{folder}/b.npz", "--json", "--quiet", "--threads", threads]
    return json.loads(subprocess.run(words, check=True, capture_output=True).stdout)["fid"]


def timed(who, work):
    """The value, seconds on the clock, seconds of processors."""
    before, start = resource.getrusage(who), time.monotonic()
    value = work()
    wall, after = time.monotonic() - start, resource.getrusage(who)
    return value, wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    program, runs, threads = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    print(f"numpy {numpy.__version__}, scipy {scipy.__version__}, {threads} threads, {runs} runs, load {os.getloadavg()[0]:.1f}", flush=True)
    for count in (500, 5000):
        with tempfile.TemporaryDirectory() as folder:
            a, b = (write_set(f"{folder}/{name}.npz", count, seed, seed) for name, seed in (("a", 0), ("b", 1)))
            rows = []
            for _ in range(runs):
                rows.append((timed(resource.RUSAGE_CHILDREN, lambda: ours(program, folder, threads)), timed(resource.RUSAGE_SELF, lambda: peer(a, b))))
        for place, what in ((1, "wall"), (2, "processor")):
            mine, theirs = (statistics.median(row[side][place] for row in rows) for side in (0, 1))
            spread = max(row[0][place] for row in rows) - min(row[0][place] for row in rows)
            print(f"{count} samples, {what}: diffuse {mine:.3f} s (spread {spread:.3f}), scipy {theirs:.2f} s, ratio {theirs / mine:.1f}")
        print(f"{count} samples, value: diffuse {rows[0][0][0]:.9g}, scipy {rows[0][1][0]:.9g}", flush=True)


main()
