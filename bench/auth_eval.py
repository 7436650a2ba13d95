"""bench/auth_eval.sh: seconds (wall clock and processor time), and the most memory of a run."""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROGRAM, THREADS, RUNS = sys.argv[1], sys.argv[2], int(sys.argv[3])
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = THREADS  # before numpy is there

import numpy  # noqa: E402

IMAGES, LENGTH, PEOPLE, BLOCK = 20000, 512, 1000, 2000


def write(path):
    random = numpy.random.default_rng(1)
    label = numpy.repeat(numpy.arange(PEOPLE), IMAGES // PEOPLE)
    centre = random.standard_normal((PEOPLE, LENGTH), dtype="f4")
    embedding = centre[label] + 1.6 * random.standard_normal((IMAGES, LENGTH), dtype="f4")
    numpy.savez(path, embedding=embedding, label=label)
    return embedding / numpy.linalg.norm(embedding, axis=1, keepdims=True)


def product(unit):
    """The products that all pairs need: the blocks on and above the diagonal."""
    for first in range(0, IMAGES, BLOCK):
        unit[first:first + BLOCK] @ unit[first:].T


def timed(work):
    """Seconds by the clock, and of processor time, of work and its children."""
    def used():
        return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))
    clock, before = time.perf_counter(), used()
    work()
    return time.perf_counter() - clock, used() - before


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "e.npz")
        unit = write(path)
        words = [PROGRAM, "auth", "eval", "--embeddings", str(path), "--threads", THREADS, "--quiet", "--bootstrap"]
        works = {"numpy product": lambda: product(unit),
                 "diffuse, no intervals": lambda: subprocess.run([*words, "0"], check=True, stdout=subprocess.DEVNULL),
                 "diffuse, 1000 replicates": lambda: subprocess.run([*words, "1000"], check=True, stdout=subprocess.DEVNULL)}
        rows = {name: [] for name in works}
        for run in range(RUNS + 1):
            for name, work in works.items():
                seconds = timed(work)
                if run > 0:  # the first one warms up
                    rows[name].append(seconds)
        print(f"{IMAGES} embeddings of {LENGTH}, {IMAGES * (IMAGES - 1) // 2} pairs, {THREADS} threads, numpy {numpy.__version__}")
        base = statistics.median(cpu for _, cpu in rows["numpy product"])
        for name, row in rows.items():
            clock, cpu = ([pair[k] for pair in row] for k in (0, 1))
            print(f"{name:26} {statistics.median(clock):7.2f} s ({min(clock):.2f} to {max(clock):.2f}), "
                  f"processor {statistics.median(cpu):7.2f} s, {statistics.median(cpu) / base:.2f} of numpy's")
        print(f"most memory of a run of diffuse: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB")


main()
