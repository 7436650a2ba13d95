#!/usr/bin/env python3
"""`diffuse fid` on folders as users have them, and on what it has to refuse: one sentence each. The network has weights by rule."""

import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from pathlib import Path

DIFFUSE = os.environ["DIFFUSE"]
NAN = float("nan")


def run(*words):
    environment = {**os.environ, "OMP_WAIT_POLICY": "passive"}
    return subprocess.run([DIFFUSE, "fid", *map(str, words)], capture_output=True, text=True, errors="replace", timeout=300, check=False, env=environment)


def png(path, value):
    """A grey picture of 24 x 16 pixels, a ramp from `value` on."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes((value + 3 * x + y) % 256 for x in range(24)) for y in range(16))
    head = struct.pack(">IIBBBBB", 24, 16, 8, 0, 0, 0, 0)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def npz(path, rows):
    shape = f"({len(rows)}, {len(rows[0]) if rows else 3})"
    head = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    body = b"".join(struct.pack("<d", value) for row in rows for value in row)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("features.npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head.encode() + body)
    return path


def expect(faults, what, result, code, *parts):
    if result.returncode != code:
        faults.append(f"{what}: exit {result.returncode}, expected {code}: {result.stderr[:300]}")
    for part in parts:
        if part not in result.stderr:
            faults.append(f"{what}: expected '{part}' in: {result.stderr[:400]}")
    if code and len([line for line in result.stderr.splitlines() if line.startswith("diffuse: ")]) != 1:
        faults.append(f"{what}: expected one sentence: {result.stderr[:400]}")


def refusals(base, faults):
    good = npz(base / "good.npz", [[1, 2, 3], [2, 4, 1], [0, 1, 1]])
    (base / "empty").mkdir()
    png(base / "one" / "a.png", 1)
    cases = (
        ("NaN", npz(base / "nan.npz", [[1, 2, 3], [1, NAN, 3]]), "nan.npz: array 'features', row 1, column 1: NaN or infinity"),
        ("dimensions", npz(base / "two.npz", [[1, 2], [3, 4]]), "2 dimensions, but"),
        ("one sample", npz(base / "single.npz", [[1, 2, 3]]), "single.npz: array 'features': 1 sample, expected at least 2"),
        ("no samples", npz(base / "none.npz", []), "no samples, expected at least 2"),
        ("missing", base / "missing.npz", "missing.npz"),
        ("empty folder", base / "empty", "empty: no images, expected PNG or JPEG files"),
        ("one image", base / "one", "one: 1 image that can be read, expected at least 2"),
    )
    for what, path, sentence in cases:
        expect(faults, what, run(good, path, "--weights", "rule:a.", "--quiet"), 1, sentence)
    expect(faults, "groups of features", run(good, good, "--by", "gender"), 1, "good.npz: features alone, expected a data set")
    expect(faults, "a weight file that is none", run(base / "one", good, "--weights", good), 1, "good.npz: no tensor")


def messy_folder(base, faults):
    """Broken files are named and counted, and change nothing: the rest is as far from itself as if they were not there."""
    messy, clean = base / "messy", base / "clean"
    for k, name in enumerate(("a b.png", "ü.png", "deep/er/c.PNG")):
        png(messy / name, 40 * k)
        png(clean / f"{k}.png", 40 * k)
    (messy / "zero.png").write_bytes(b"")
    (messy / "text.png").write_text("no picture")
    (messy / "notes.txt").write_text("passed over")
    (messy / "circle").symlink_to(messy)
    result = run(messy, clean, "--weights", "rule:a.", "--json", "--kid")
    expect(faults, "messy", result, 0, "zero.png", "text.png")
    if result.returncode:
        return
    found = json.loads(result.stdout)
    if found["a"]["samples"] != 3 or found["a"]["skipped"] < 2 or found["b"]["samples"] != 3 or found["b"]["skipped"] != 0:
        faults.append(f"messy: {found['a']} {found['b']}")
    if abs(found["fid"]) > 1e-6 or "untrained" not in found["features"]["network"] or "pytorch-fid" not in found["features"]["resize"]:
        faults.append(f"messy: {found}")
    shutil.rmtree(messy)


def main():
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        refusals(Path(folder), faults)
        messy_folder(Path(folder), faults)
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
