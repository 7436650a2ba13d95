#!/usr/bin/python3
"""Reads an export as a trainer's loader does, up to the decoding of images, and prints how many images it had: export_read.py FORM PLACE."""

import csv
import json
import pickle
import struct
import sys
import tarfile
import zipfile
from pathlib import Path


def files_below(place):
    return sum(len(path.read_bytes()) > 0 for path in place.rglob("*") if path.suffix in (".png", ".jpg") and "labels" not in path.parts)


def webdataset(place):
    count = 0
    for shard in sorted(place.glob("*.tar")):
        with tarfile.open(shard) as archive:
            for member in archive:
                data = archive.extractfile(member).read()
                if member.name.endswith(".json"):
                    json.loads(data)
                    count += 1
    return count


def imagefolder(place):
    count = 0
    for lines in place.glob("*/metadata.jsonl"):
        with open(lines) as file:
            for line in file:
                (lines.parent / json.loads(line)["file_name"]).read_bytes()
                count += 1
    return count


def table(place):
    with open(place, newline="") as file:
        return sum(1 for _ in csv.DictReader(file))


def celeba(place):
    rows = [line.split() for line in (place / "list_landmarks_align_celeba.txt").read_text().splitlines()[2:]]
    return sum(len((place / "img_align_celeba" / row[0]).read_bytes()) > 0 for row in rows)


def coco(place):
    annotations = json.loads((place / "annotations.json").read_text())
    return sum(len((place / "images" / image["file_name"]).read_bytes()) > 0 for image in annotations["images"])


def stylegan(place):
    with zipfile.ZipFile(place) as archive:
        labels = json.loads(archive.read("dataset.json"))["labels"]
        return sum(len(archive.read(name)) > 0 for name, _ in labels)


def rec(place):
    index = [int(line.split("\t")[1]) for line in (place / "train.idx").read_text().splitlines()]
    count = 0
    with open(place / "train.rec", "rb") as file:
        for at in index:
            file.seek(at)
            _, word = struct.unpack("<II", file.read(8))
            flag, _, _, _ = struct.unpack("<IfQQ", file.read(24))
            file.read((word & (1 << 29) - 1) - 24)
            count += flag == 0
    return count


def pickled(place):
    with open(place, "rb") as file:
        images, answers = pickle.load(file)
    return len(images) if len(images) == 2 * len(answers) else 0


def database(place):
    import lmdb
    with lmdb.open(str(place), readonly=True, lock=False) as environment, environment.begin() as view:
        count = int(view.get(b"num-samples"))
        for number in range(1, count + 1):
            view.get(b"image-%09d" % number), int(view.get(b"label-%09d" % number)), json.loads(view.get(b"meta-%09d" % number))
    return count


READERS = {"folder": files_below, "pairs": files_below, "webdataset": webdataset, "imagefolder": imagefolder, "csv": table, "celeba": celeba, "coco": coco,
           "stylegan-zip": stylegan, "rec": rec, "bin": pickled, "lmdb": database}
print(READERS[sys.argv[1]](Path(sys.argv[2])))
