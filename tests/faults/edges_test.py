#!/usr/bin/env python3
"""Numbers at the edge: every option with a range at both of its ends, in every command line of the table that can take it; people whose
coefficients are a million; a model whose triangles are all degenerate; cameras inside the head, and images of one pixel more than
allowed. Right, or refused with one sentence; no crash and no endless loop. A word as argument tries only the command lines with it."""

import json
import os
import shutil
import struct
import subprocess
import sys

import command_table
import tries
from command_table import RENDER, diffuse

MUCH = 2048 if tries.IS_LONG else 400  # a whole number above makes work, not edges
WORK = ("count", "per-identity", "heads", "pairs", "shard-images", "threads")  # how much, not how


def ends(option):
    low, high = option["limits"]
    values = [low, high] if option["kind"] in ("number", "range", "numbers") or high <= MUCH else [low]
    return [str(int(value)) if value == int(value) else repr(value) for value in values]


def edge_words(row):
    """Command lines of the row with one option at an end of its range."""
    for option in command_table.commands()[command_table.name_of(row.words)]["options"]:
        if option["limits"] and option["name"] not in WORK and f"--{option['name']} " not in row.words:
            for value in ends(option):
                yield f"{row.words} --{option['name']}={value}"


def outcome(good, place, words):
    """Status and faults; wrong usage is allowed, where options do not go together."""
    try:
        result = diffuse(place, words, timeout=120)
    except subprocess.TimeoutExpired:
        return -1, ["no end within two minutes"]
    if result.returncode == 2 and b"usage: diffuse" in result.stderr:
        return 1, []
    return min(result.returncode, 1), tries.judge_end(good, result)


def try_words(good, words, account, prepare=None):
    with tries.Place(good) as place:
        if prepare:
            prepare(place)
        account.add(good.row._replace(words=words), "", outcome(good, place, words))


def extreme_people(place):
    """The inputs' people with coefficients that no face has."""
    lines = [json.loads(line) for line in (place.parent / "in" / "ids.jsonl").read_text().splitlines()]
    for line, factor in zip(lines, (1e6, -1e6)):
        line["shape"] = [factor] * len(line["shape"])
        line["albedo"] = [-factor] * len(line["albedo"])
    (place / "extreme.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))


def flat_model(place):
    """The inputs' model with all vertices of the mean at one point, and no variation of shape."""
    data = bytearray((place.parent / "in" / "model.safetensors").read_bytes())
    size = struct.unpack_from("<Q", data)[0]
    for name, entry in json.loads(data[8:8 + size]).items():
        if name in ("cage.mean", "cage.shape", "cage.expression"):
            begin, end = (8 + size + offset for offset in entry["data_offsets"])
            data[begin:end] = bytes(end - begin)
    (place / "flat.safetensors").write_bytes(data)


EXTREME = (
    (extreme_people, RENDER.replace("../in/ids.jsonl", "extreme.jsonl")),
    (extreme_people, RENDER.replace("../in/ids.jsonl", "extreme.jsonl") + " --labels segmentation,depth,normals --band rgb --crop arcface"),
    (extreme_people, "sample --model ../in/model.safetensors --count 3 --include extreme.jsonl --out people.jsonl"),
    (flat_model, RENDER.replace("../in/model", "flat") + " --labels segmentation,depth,normals"),
    (flat_model, "model show flat.safetensors --out sheet.png --components 1 --size 32"),
    (flat_model, "model export flat.safetensors --format glb --out face.glb"),
    (flat_model, "model dress flat.safetensors --parts flat.safetensors --out m.safetensors"),
    (None, "model export ../in/model.safetensors --format ply --out face.ply --expression mouth-open=1e30"),
    (None, RENDER + " --distance 150 --focal 5"),
    (None, RENDER + " --distance 150 --focal 2000 --offset 0.5"),
    (None, RENDER + " --distance 20000 --focal 5 --size 16"),
    (None, RENDER + " --yaw 180 --pitch 90 --roll 180 --gaze-yaw 45 --gaze-pitch 30"),
    (None, RENDER + " --exposure 4 --gain 64 --blur 8 --vignetting 1 --bits 16"),
)


def try_row(good, pool, account):
    words = list(edge_words(good.row))
    for line in words if tries.IS_LONG else words[account.tried % 3::3]:
        try_words(good, line, account)
    if good.row.words == RENDER:
        for prepare, line in EXTREME:
            try_words(good, line, account, prepare)
        if tries.IS_LONG:
            try_words(good, RENDER.replace("--size 32", "--size 8192").replace("--per-identity 2", "--per-identity 1"), account)


def can_fail(good):
    """A process that was killed by a fault in its memory."""
    return bool(tries.judge_end(good, subprocess.CompletedProcess("", -11, b"", b"")))


if __name__ == "__main__":
    sys.exit(tries.run("command lines at the edge", try_row, can_fail))
