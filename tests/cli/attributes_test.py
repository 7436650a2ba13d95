#!/usr/bin/env python3
"""`diffuse attributes` as a user runs it, on small pictures with CelebA's lists that the test writes: bright or dark, and brighter on the left or
on the right. What it measures is measured again here; the TensorBoard file is read by a reader of its own. $DIFFUSE is the program."""

import csv
import json
import os
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

PROGRAM = os.environ["DIFFUSE"]
SIDE, IMAGES = 16, 96
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive"}
TRAIN = ("--size", str(SIDE), "--width", "4", "--batch", "16", "--augment", "none", "--lr", "0.01", "--threads", "1", "--quiet")
faults = []


def demand(is_right, sentence):
    if not is_right:
        faults.append(sentence)


def run(*words, exits=0):
    result = subprocess.run([PROGRAM, "attributes", *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300,
                            env=ENVIRONMENT)
    demand(result.returncode == exits, f"{words}: exit {result.returncode}, expected {exits}: {result.stderr}")
    return result


def png(rows):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    data = b"".join(b"\0" + bytes(row) for row in rows)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">2I5B", len(rows[0]), len(rows), 8, 0, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(data))
            + chunk(b"IEND", b""))


def picture(is_bright, is_left, chance):
    """Noise around 70 or 180, 50 more in one half."""
    level = 180 if is_bright else 70
    return [[max(0, min(255, level + chance.randrange(-15, 16) + (50 if (x < SIDE / 2) == is_left else 0))) for x in range(SIDE)]
            for _ in range(SIDE)]


def write_celeba(folder, images=IMAGES):
    chance = random.Random(5)
    (folder / "img_align_celeba").mkdir(parents=True)
    attributes, partition, identities = [str(images), "Bright Left"], [], []
    for i in range(images):
        bright, left = i % 3 == 0, i % 2 == 0
        name = f"{i + 1:06d}.png"
        (folder / "img_align_celeba" / name).write_bytes(png(picture(bright, left, chance)))
        attributes.append(f"{name} {1 if bright else -1} {1 if left else -1}")
        partition.append(f"{name} {0 if i < images * 2 // 3 else 1 if i < images * 5 // 6 else 2}")
        identities.append(f"{name} {i // 4}")
    (folder / "list_attr_celeba.txt").write_text("\n".join(attributes) + "\n")
    (folder / "list_eval_partition.txt").write_text("\n".join(partition) + "\n")
    (folder / "identity_CelebA.txt").write_text("\n".join(identities) + "\n")
    return folder


# ---- a reader of event files, by the description of the formats ----

def crc32c(data):
    value = 0xFFFFFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
    return value ^ 0xFFFFFFFF


def masked(data):
    value = crc32c(data)
    return ((value >> 15 | value << 17) + 0xA282EAD8) & 0xFFFFFFFF


def fields(data):
    """Number and value of each field of a protocol buffer."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value
    while at < len(data):
        key = varint()
        size = {0: None, 1: 8, 5: 4}.get(key & 7)
        if key & 7 == 2:
            size = varint()
        if size is None:
            yield key >> 3, varint()
        else:
            yield key >> 3, data[at:at + size]
            at += size


def events(path):
    """(step, {tag: value}) of each record; the first has the version."""
    data, at, found = path.read_bytes(), 0, []
    while at < len(data):
        size, check = struct.unpack_from("<QI", data, at)
        assert masked(data[at:at + 8]) == check, "checksum of a length"
        record = data[at + 12:at + 12 + size]
        assert masked(record) == struct.unpack_from("<I", data, at + 12 + size)[0], "checksum of a record"
        at += 16 + size
        event = dict(fields(record))
        assert struct.unpack("<d", event[1])[0] > 1e9
        values = {}
        for _, value in fields(event.get(5, b"")):
            one = dict(fields(value))
            values[one[1].decode()] = struct.unpack("<f", one[2])[0]
        found.append((event.get(2, 0), values, event.get(3)))
    return found


def the_event_file_is_the_metrics_file(out):
    found = events(out / "events.out.tfevents.diffuse")
    demand(found[0] == (0, {}, b"brain.Event:2"), f"first record: {found[0]}")
    lines = [json.loads(line) for line in (out / "metrics.jsonl").read_text().splitlines()]
    demand(len(lines) == len(found) - 1 > 4, f"{len(lines)} lines, {len(found)} records")
    for line, (step, values, _) in zip(lines, found[1:]):
        wanted = {key: value for key, value in line.items() if key not in ("step", "wall") and value is not None}
        demand(step == line["step"] and wanted.keys() == values.keys(), f"record of step {line['step']}: {values.keys()}")
        demand(all(abs(values[key] - value) <= 1e-6 * max(1, abs(value)) for key, value in wanted.items()), f"values of step {step}")


# ---- what it measures, counted again ----

def area(scores):
    """Of (probability, truth): the share of pairs in order."""
    pairs = [(p, q) for p, is_yes in scores if is_yes for q, other in scores if not other]
    return sum((p > q) + (p == q) / 2 for p, q in pairs) / len(pairs)


def learns(base, celeba):
    said = json.loads(run("train", celeba, "--out", base / "run", "--epochs", "12", *TRAIN, "--json").stdout)
    demand(said["images"] == 16 and [a["name"] for a in said["attributes"]] == ["Bright", "Left"], f"result: {said}")
    demand(said["mean_balanced_accuracy"] >= 0.9, f"simple pictures are not learned: {said['mean_balanced_accuracy']}")
    demand(json.loads((base / "run/evaluation.json").read_text()) == said, "evaluation.json is not what was printed")
    demand("reliability" in said["attributes"][0] and (base / "run/index.html").stat().st_size > 5000, "page")
    the_event_file_is_the_metrics_file(base / "run")


def predictions_are_those_of_the_evaluation(base, celeba):
    model = base / "run/classifier.safetensors"
    said = json.loads(run("eval", celeba, "--model", model, "--quiet", "--json").stdout)
    run("predict", celeba, "--model", model, "--csv", base / "said.csv", "--quiet")
    rows = list(csv.DictReader((base / "said.csv").open()))
    demand(len(rows) == IMAGES, f"{len(rows)} rows")
    number = {row["image"]: int(Path(row["image"]).stem) - 1 for row in rows}
    truth = {"Bright": lambda i: i % 3 == 0, "Left": lambda i: i % 2 == 0}
    for measured in said["attributes"]:
        name = measured["name"]
        scores = [(float(row[name]), truth[name](number[row["image"]])) for row in rows]
        right = sum((row[name + "_answer"] == "1") == truth[name](number[row["image"]]) for row in rows)
        demand(abs(measured["accuracy"] - right / IMAGES) < 1e-9, f"accuracy of {name}: {measured['accuracy']}, counted {right / IMAGES}")
        demand(abs(measured["auc"] - area(scores)) < 2e-3, f"AUC of {name}: {measured['auc']}, counted {area(scores)}")  # six decimals tie
    one = json.loads(run("eval", celeba, "--model", model, "--split", "test", "--out", base / "page", "--quiet", "--json").stdout)
    demand(one["images"] == 16 and (base / "page/index.html").exists(), "eval of a split")


def weights_of(out):
    return (out / "classifier.safetensors").read_bytes()


def goes_on_where_it_was(base, celeba):
    """Stopped by a signal, and gone on: the same file as in one piece, and the same with two readers."""
    words = ("--epochs", "6", *TRAIN)
    run("train", celeba, "--out", base / "whole", *words)
    process = subprocess.Popen([PROGRAM, "attributes", "train", str(celeba), "--out", str(base / "parts"), *words], env=ENVIRONMENT,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    log = base / "parts/metrics.jsonl"
    for _ in range(3000):
        if process.poll() is not None or (log.exists() and log.read_text().count("\n") >= 3):
            break
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)[1]
    demand(process.returncode in (0, 130), f"stopped: exit {process.returncode}: {said}")
    demand(process.returncode == 0 or "resume" in said, f"stopped, and says: {said}")
    run("train", celeba, "--out", base / "parts", *words, "--resume", "--readers", "2")
    demand(weights_of(base / "whole") == weights_of(base / "parts"), "a training that was stopped gives other weights")
    steps = [json.loads(line)["step"] for line in (base / "parts/metrics.jsonl").read_text().splitlines()]
    demand(steps == [json.loads(line)["step"] for line in (base / "whole/metrics.jsonl").read_text().splitlines()], f"steps: {steps}")
    the_event_file_is_the_metrics_file(base / "parts")


def says(words, part, exits=1):
    said = run(*words, exits=exits).stderr
    demand(part in said and said.count("\n") <= (1 if exits == 1 else 4), f"{words}: '{said}', expected '{part}'")


def bad_input_is_told_in_a_sentence(base, celeba):
    out = ("--out", base / "bad", *TRAIN)
    says(("train", celeba, "--attribute", "Brigth", *out), "Bright")
    says(("train", celeba, "--attributes", base / "nothing.txt", *out), "nothing.txt")
    says(("train", celeba, "--attribute", "a=attributes.Bright == null", *out), "attribute 'a'")
    says(("train", celeba, "--attribute", "a=attributes.Bright >", *out), "--attribute a", exits=2)
    says(("train", celeba, "--attribute", "Left", "--attribute", "Left", *out), "twice", exits=2)
    says(("eval", celeba, "--model", celeba / "img_align_celeba/000001.png", "--quiet"), "000001.png")
    model = base / "run/classifier.safetensors"
    says(("eval", celeba, "--model", model, "--attribute", "Happy", "--quiet"), "no such attribute", exits=2)
    says(("predict", celeba, "--model", model, "--manifest", base / "m.jsonl", "--quiet"), "no manifest")
    demand(not (base / "m.jsonl").exists(), "half a manifest")


def holes_are_named_counted_and_skipped(base):
    """An image that cannot be read, and labels of one that is not there."""
    celeba = write_celeba(base / "holes", 48)
    (celeba / "img_align_celeba/000002.png").write_bytes(b"no picture")
    (celeba / "img_align_celeba/000003.png").unlink()
    words = [word for word in TRAIN if word != "--quiet"]
    said = run("train", celeba, "--out", base / "holed", "--epochs", "1", "--attribute", "Left", *words).stderr
    demand("000002.png" in said and "000003.png" in said, f"not named: {said}")
    demand("labels are of images that are not there" in said, f"not counted: {said}")
    result = json.loads(run("eval", celeba, "--model", base / "holed/classifier.safetensors", "--quiet", "--json").stdout)
    demand(result["unreadable"] == 1 and result["images"] == 47, f"counts: {result['unreadable']} of {result['images']}")
    demand(result["attributes"][0]["images"] == 46, "an unreadable image is measured")


def manifests_get_a_copy(base):
    """One of our own sets, imported from the pictures: by a condition, and predictions into a copy of its manifest."""
    subprocess.run([PROGRAM, "dataset", "import", base / "celeba", "--out", base / "ours", "--quiet"], check=True, stdout=subprocess.DEVNULL)
    out = base / "of-ours"
    conditions = ("--attribute", 'bright=attributes.Bright and max(width, 8) in (16, 17)', "--where", "width == 16")
    run("train", base / "ours", "--out", out, "--epochs", "1", *conditions, *TRAIN, "--half", "--balance", "sample")
    settings = json.loads((out / "run.json").read_text())
    demand(settings["attributes"] == {"bright": "attributes.Bright and max(width, 8) in (16, 17)"}, f"settings: {settings}")
    run("predict", base / "ours", "--model", out / "classifier.safetensors", "--manifest", base / "m.jsonl", "--quiet")
    for before, after in zip((base / "ours/manifest.jsonl").open(), (base / "m.jsonl").open(), strict=True):
        before, after = json.loads(before), json.loads(after)
        predicted = after.pop("predicted")
        demand(before == after and 0 <= predicted["bright"] <= 1, f"line: {after}")
    shutil.copy(base / "m.jsonl", base / "ours/manifest.jsonl")
    says(("predict", base / "ours", "--model", out / "classifier.safetensors", "--manifest", base / "n.jsonl", "--quiet"), "predicted")


def main():
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        celeba = write_celeba(base / "celeba")
        learns(base, celeba)
        predictions_are_those_of_the_evaluation(base, celeba)
        goes_on_where_it_was(base, celeba)
        bad_input_is_told_in_a_sentence(base, celeba)
        holes_are_named_counted_and_skipped(base)
        manifests_get_a_copy(base)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
