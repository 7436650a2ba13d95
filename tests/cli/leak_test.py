#!/usr/bin/env python3
"""`diffuse dataset leak` as a user runs it: what it says, prints as JSON, draws and exits with, for sets and for plain folders. $DIFFUSE is
the program, $MODEL a small face model."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

PROGRAM, MODEL = os.environ["DIFFUSE"], os.environ["MODEL"]
faults = []


def demand(is_right, sentence):
    if not is_right:
        faults.append(sentence)


def run(*words):
    return subprocess.run([PROGRAM, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)


def must(*words):
    result = run(*words)
    if result.returncode != 0:
        sys.exit(f"{' '.join(map(str, words))}: {result.stderr}")


def leak(*words, exits):
    result = run("dataset", "leak", *words, "--quiet")
    demand(result.returncode == exits, f"leak {words}: exit {result.returncode}, expected {exits}: {result.stderr}")
    return result


def render(folder, name, seed, *more):
    must("sample", "--model", MODEL, "--count", "4", "--seed", seed, "--out", folder / f"{name}.jsonl", "--quiet")
    must("render", "--model", MODEL, "--identities", folder / f"{name}.jsonl", "--out", folder / name, "--per-identity", "3", "--size", "48",
         "--seed", seed, "--quiet", *more)
    return folder / name


def sets_without_copies(a, b):
    said = leak(a, b, exits=0).stdout
    demand("no copies in 12 images" in said and "another person" in said, f"sets: {said}")
    found = json.loads(leak(a, b, "--json", "--count", "3", exits=0).stdout)
    demand(found["images"] == 12 and found["exact"] == found["near"] == found["mirrored"] == 0, f"counts: {found}")
    demand(found["part"] == "box" and found["baseline"]["images"] == 12 and len(found["pairs"]) == 3, f"baseline: {found}")
    distances = [pair["distance"] for pair in found["pairs"]]
    demand(distances == sorted(distances) and distances[0] == found["nearest"]["closest"], f"pairs: {found['pairs']}")


def a_planted_copy(folder, a, b):
    mixed = folder / "mixed set"
    shutil.copytree(a, mixed, ignore=lambda _, names: [n for n in names if n in (".diffuse", "manifest.jsonl")])
    identity = sorted(p.name for p in b.iterdir() if p.is_dir() and not p.name.startswith("."))[1]
    shutil.copy(b / identity / "0002.png", mixed / "copy.png")
    result = leak(mixed, b, "--out", folder / "pairs.png", "--html", folder / "page.html", exits=1)
    demand(f"copy.png is an exact copy of {identity}/0002.png (distance 0.000)" in result.stdout, f"planted: {result.stdout}")
    demand("1 copy in 13 images" in result.stderr, f"planted: {result.stderr}")
    demand((folder / "pairs.png").read_bytes()[:4] == b"\x89PNG", "no sheet")
    page = ElementTree.parse(folder / "page.html")
    demand("copy.png" in "".join(page.getroot().itertext()), "the page does not name the copy")
    found = json.loads(leak(mixed, b, "--json", exits=1).stdout)
    demand(found["part"] == "whole" and found["pairs"][0]["copy"] == "exact", f"planted: {found}")
    shutil.copy(mixed / "copy.png", mixed / "again.png")
    within = json.loads(leak(mixed, "--json", exits=1).stdout)
    demand(within["groups"] == 1 and within["exact"] == 1 and within["pairs"][0]["nearest"] == "again.png", f"within: {within}")


def what_is_refused(folder, a):
    (folder / "empty").mkdir()
    for words, sentence in ((("empty",), "no images"), (("none",), "is no folder"), ((a, "empty"), "no images")):
        result = leak(*(folder / word for word in words), exits=1)
        demand(sentence in result.stderr, f"{words}: {result.stderr}")
    unfinished = folder / "unfinished"
    shutil.copytree(a, unfinished, ignore=lambda _, names: [n for n in names if n == "manifest.jsonl"])
    demand("not finished" in leak(unfinished, exits=1).stderr, "an unfinished set is read")
    leak(a, "--threshold", "2", exits=2)
    leak(a, "--features", "colours", exits=2)


def main():
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        a, b = render(folder, "a", "1"), render(folder, "b", "2")
        sets_without_copies(a, b)
        a_planted_copy(folder, a, b)
        what_is_refused(folder, a)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
