"""Small data sets for the tests of exports, and what these share. $DIFFUSE is the program, $MODEL a small face model."""

import json
import os
import shutil
import struct
import subprocess
import sys
import zlib
from pathlib import Path

PROGRAM, MODEL = os.environ["DIFFUSE"], os.environ["MODEL"]
SPLITS = ("train", "valid", "test")
faults = []


def demand(is_right, sentence):
    if not is_right:
        faults.append(sentence)


def finish(tried):
    """Prints what was tried and ends the test."""
    for fault in faults[:40]:
        print(fault)
    print(f"{tried}; {len(faults)} faults")
    sys.exit(1 if faults else 0)


def run(*words, **more):
    settings = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "timeout": 120, **more}
    return subprocess.run([PROGRAM, *map(str, words)], **settings)


def must(*words, **more):
    """Standard output of a call that goes well."""
    result = run(*words, **more)
    if result.returncode != 0:
        sys.exit(f"{words}: exit {result.returncode}: {result.stderr.decode()}")
    return result.stdout.decode()


def export(folder, form, out, *more):
    return must("dataset", "export", folder, "--to", form, "--out", out, "--quiet", *more)


def lines_of(folder):
    return (Path(folder) / "manifest.jsonl").read_text().splitlines()


def images_of(folder):
    return [json.loads(line) for line in lines_of(folder)]


def rendered_set(folder, people=6, images=3, size=48):
    """With two kinds of labels, in splits by identity."""
    identities = Path(folder).with_suffix(".jsonl")
    must("sample", "--model", MODEL, "--count", people, "--out", identities, "--quiet")
    must("render", "--model", MODEL, "--identities", identities, "--per-identity", images, "--size", size, "--out", folder, "--quiet",
         "--labels", "depth,segmentation", "--glasses", "0.5", "--hat", "0.3", "--band", "rgb")


def with_splits(folder, copy):
    """The same set with a split for each identity in turn; files are links."""
    shutil.copytree(folder, copy, copy_function=os.link, ignore=shutil.ignore_patterns("manifest.jsonl", ".diffuse"))
    people = {}
    with open(Path(copy) / "manifest.jsonl", "w") as manifest:
        for line in lines_of(folder):
            number = people.setdefault(json.loads(line)["identity"], len(people))
            manifest.write(line[:-1] + f',"split":"{SPLITS[number % 3]}"}}\n')


def png(width, height, channels, bits, sample):
    """sample(x, y, channel) is the value."""
    rows = b"".join(b"\0" + b"".join(struct.pack(">B" if bits == 8 else ">H", sample(x, y, c)) for x in range(width) for c in range(channels))
                    for y in range(height))
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", width, height, bits, {1: 0, 2: 4, 3: 2, 4: 6}[channels], 0, 0, 0)),
              (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks)


def read_png(data):
    """width, height, channels and rows of an 8-bit PNG whose rows have the filters None, Sub or Up."""
    at, packed = 8, b""
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + size]
        if zlib.crc32(kind + body) != struct.unpack(">I", data[at + 8 + size:at + 12 + size])[0]:
            raise ValueError("a chunk's CRC")
        if kind == b"IHDR":
            width, height, bits, colour = struct.unpack(">IIBB", body[:10])
        packed += body if kind == b"IDAT" else b""
        at += 12 + size
    channels, plain, rows, above = {0: 1, 4: 2, 2: 3, 6: 4}[colour], zlib.decompress(packed), [], None
    length = width * channels
    for y in range(height):
        code, row = plain[y * (length + 1)], bytearray(plain[y * (length + 1) + 1:(y + 1) * (length + 1)])
        if code not in (0, 1, 2) or bits != 8:
            raise ValueError("a form that this reader does not know")
        for i in range(length):
            if code == 1 and i >= channels:
                row[i] = (row[i] + row[i - channels]) & 255
            if code == 2 and above:
                row[i] = (row[i] + above[i]) & 255
        rows.append(row)
        above = row
    return width, height, channels, rows


IMPORTED = (("josé.m", 0, 12, 8, 3, 8), ("josé.m", 2, 9, 9, 1, 8), ("b", 0, 7, 11, 3, 16), ("c d", 7, 8, 8, 4, 8))


def imported_set(folder, jpeg):
    """Images of several forms, letters and points in ids, a JPEG, and few labels: as other people's sets are. jpeg: of 2 x 3 pixels or so,
    with its size from its frame header."""
    lines = []
    for number, (identity, index, width, height, channels, bits) in enumerate(IMPORTED):
        name = f"{identity}/{index:04}.png"
        (Path(folder) / identity).mkdir(parents=True, exist_ok=True)
        (Path(folder) / name).write_bytes(png(width, height, channels, bits, lambda x, y, c: (x * 7 + y * 13 + c * 29) % 256))
        lines.append({"image": name, "identity": identity, "index": index, "imported": "csv", "width": width, "height": height,
                      "channels": channels, "bits": bits, "sha256": "0" * 64, "gender": "female", "age": 30 + number,
                      "box": [1.25, 2, 3.5, 4], "landmarks5": [[p + 0.5, p * 1.25] for p in range(5)],
                      "original": 'a "quoted", name', "attributes": {"Male": -1, "Big Nose": 1, "Young": number % 2 * 2 - 1}})
    data = Path(jpeg).read_bytes()
    frame = next(i for i in range(len(data) - 1) if data[i] == 0xFF and data[i + 1] in (0xC0, 0xC2))
    height, width, channels = struct.unpack(">HHB", data[frame + 5:frame + 10])
    (Path(folder) / "b" / "0001.jpg").write_bytes(data)
    lines.insert(3, {**lines[2], "image": "b/0001.jpg", "index": 1, "width": width, "height": height, "channels": channels, "bits": 8})
    (Path(folder) / "manifest.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
