#!/usr/bin/env python3
"""Data sets of ten thousand lines and of ten times as many (with DIFFUSE_SOAK=1: a hundred thousand and a million): every command that
reads a manifest from end to end needs the same memory for both, but for what it says that it keeps of an identity, and in the long form
time that grows with the lines (fitted exponent below 1.05, of processor time, which a busy machine does not change).

Two kinds of lines: imported ones with images, which are links to a few files, and rendered ones, which are long and, having no images, are
only read."""

import hashlib
import math
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "exchange"))
from export_sets import PROGRAM, demand, finish, lines_of, png, rendered_set  # noqa: E402

LONG = bool(os.environ.get("DIFFUSE_SOAK"))
SANITIZED = "EACH" in os.environ  # memory then holds what the sanitizer keeps, and a line takes ten times as long
SIZES = (100_000, 1_000_000) if LONG else (500, 1000) if SANITIZED else (1000, 10_000)
PER_IDENTITY, LINKS = 50, 20_000  # images of a person; links to a file, of which file systems allow so many
ROOM_KB, IDENTITY_BYTES, MOST_EXPONENT = 3 << 10, 80, 1.05
RENDERED_SHARE = 10  # rendered lines are ten times as long, so a tenth of them


def imported(folder, count):
    """Lines as `diffuse dataset import` writes them, 8 x 8 pixels each."""
    (folder / ".files").mkdir(parents=True)
    data, files = png(8, 8, 1, 8, lambda x, y, c: x * 7 + y * 13), []
    sha256 = hashlib.sha256(bytes(x * 7 + y * 13 for y in range(8) for x in range(8))).hexdigest()
    with open(folder / "manifest.jsonl", "w") as manifest:
        for number in range(count):
            person, index = divmod(number, PER_IDENTITY)
            if number % LINKS == 0:
                files.append(folder / f".files/{len(files)}")
                files[-1].write_bytes(data)
            if index == 0:
                os.mkdir(folder / f"p{person:06}")
            os.link(files[-1], folder / f"p{person:06}/{index:04}.png")
            manifest.write(f'{{"image":"p{person:06}/{index:04}.png","identity":"p{person:06}","index":{index},"imported":"folder","width":8,'
                           f'"height":8,"channels":1,"bits":8,"gender":"{("female", "male")[person % 2]}","ethnicity":"{"ABC"[person % 3]}",'
                           f'"age":{18 + person % 58},"box":[1,1,6,6],"yaw":{number * 37 % 600 / 10 - 30},"pitch":0,"roll":0,'
                           f'"attributes":{{"Smiling":{number % 2}}},"sha256":"{sha256}"}}\n')


def rendered(folder, count, model):
    """The lines of a rendered set again and again, of ever other people."""
    folder.mkdir()
    tails = [line[line.index(',"yaw"'):] for line in lines_of(model)]
    with open(folder / "manifest.jsonl", "w") as manifest:
        for number in range(count):
            person, index = divmod(number, PER_IDENTITY)
            manifest.write(f'{{"image":"p{person:06}/{index:04}.png","identity":"p{person:06}","index":{index}{tails[number % len(tails)]}\n')


def measured(words):
    """Processor seconds and most memory in KB of one run."""
    child = os.fork()
    if child == 0:
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        os.dup2(null, 1)
        os.execv(PROGRAM, [PROGRAM, *map(str, words), "--quiet"])
    _, status, usage = os.wait4(child, 0)
    demand(status == 0, f"{' '.join(map(str, words))}: status {status}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def calls(top, size):
    """Name and words, in an order in which what one makes is there for the next."""
    many, long = top / f"imported-{size}", top / f"rendered-{size}"
    made = top / "made"
    return (("verify", ["dataset", "verify", many]), ("stats", ["dataset", "stats", many, "--sample", "200"]),
            ("subset", ["dataset", "subset", many, "--where", "abs(yaw) < 15 and attributes.Smiling == 1", "--out", made / "subset"]),
            ("split", ["dataset", "split", many, "--stratify", "gender,ethnicity,age", "--out", made / "split"]),
            ("split --write", ["dataset", "split", many, "--write"]),
            ("merge", ["dataset", "merge", many, made / "subset", "--out", made / "merged"]),
            ("export csv", ["dataset", "export", many, "--to", "csv", "--out", made / "csv"]),
            ("subset, rendered", ["dataset", "subset", long, "--where", "light.strength > 0.3 and landmarks2d[30][0] > 10", "--count"]),
            ("split, rendered", ["dataset", "split", long]))


def run_size(top, size, model):
    imported(top / f"imported-{size}", size)
    rendered(top / f"rendered-{size}", size // RENDERED_SHARE, model)
    (top / "made").mkdir()
    results = {name: measured(words) for name, words in calls(top, size)}
    joined = sum(1 for _ in open(top / "made/merged/manifest.jsonl"))
    taken = sum(1 for _ in open(top / "made/subset/manifest.jsonl"))
    demand(joined == size + taken and taken > size // 5, f"{size} and {taken} lines, merged {joined}")
    for name in ("made", f"imported-{size}", f"rendered-{size}"):
        shutil.rmtree(top / name)
    return results


def compare(small, large):
    """Memory in any form, time in the long one."""
    people = (SIZES[1] - SIZES[0]) / PER_IDENTITY
    for name, (seconds, memory) in large.items():
        before_seconds, before = small[name]
        most = before + ROOM_KB + people * 1.5 * IDENTITY_BYTES / 1024
        exponent = math.log(seconds / before_seconds) / math.log(SIZES[1] / SIZES[0])
        print(f"{name:18} {before / 1024:7.1f} MB {memory / 1024:7.1f} MB {before_seconds:8.2f} s {seconds:8.2f} s  exponent {exponent:.3f}")
        demand(SANITIZED or memory <= most, f"{name}: {memory} KB for {SIZES[1]} lines, {before} for {SIZES[0]}, expected at most {most:.0f}")
        demand(not LONG or exponent < MOST_EXPONENT, f"{name}: time grows with the power {exponent:.3f} of the lines")


def main():
    begun = time.time()
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=place) as name:
        top = Path(name)
        rendered_set(top / "model", people=4, images=2, size=16)
        small, large = (run_size(top, size, top / "model") for size in SIZES)
        compare(small, large)
    finish(f"{len(large)} commands on {SIZES[0]} and {SIZES[1]} lines in {time.time() - begun:.0f} s")


if __name__ == "__main__":
    main()
