#!/usr/bin/env python3
"""Every image and value of an export is read back by a reader that knows nothing of this program: Python's tarfile, csv and json, and
the layouts as their makers publish them. $DIFFUSE is the program, $MODEL a small face model."""

import csv
import io
import json
import math
import re
import subprocess
import tarfile
import tempfile
from collections import Counter
from pathlib import Path

from export_sets import (SPLITS, demand, export, faults, finish, images_of, imported_set, lines_of, must, png, read_png, rendered_set,
                         run, with_splits)

CORPUS = Path(__file__).parent.parent / "fuzz" / "corpus" / "jpeg"
compared = Counter()


def same_files(what, pairs):
    """pairs: (exported bytes or path, path in the set). Returns how many differ."""
    wrong = 0
    for there, original in pairs:
        data = there if isinstance(there, bytes) else Path(there).read_bytes() if Path(there).is_file() else None
        is_same = data == Path(original).read_bytes()
        demand(is_same, f"{what}: {original} came out changed or not at all")
        wrong += not is_same
        compared[what + " files"] += 1
    return wrong


def names_below(folder):
    return {str(path.relative_to(folder)) for path in Path(folder).rglob("*") if path.is_file()}


def person_numbers(images):
    numbers = {}
    return [numbers.setdefault(image["identity"], len(numbers)) for image in images]


# ---- folder ----

def check_folder(folder, work):
    out = work / "plain"
    export(folder, "folder", out)
    images = images_of(folder)
    demand(names_below(out) == {image["image"] for image in images}, "folder: other files than the set's images")
    same_files("folder", ((out / image["image"], folder / image["image"]) for image in images))


def check_sizes(work):
    """Blocks of 2 x 2 equal pixels, with two rows at either end that the middle square leaves out, come out as their colours."""
    source, out = work / "blocks", work / "small"
    (source / "a").mkdir(parents=True)
    value = lambda x, y, c: (40 * (x // 2) + 10 * ((y - 2) // 2) + c) % 256
    (source / "a" / "0000.png").write_bytes(png(8, 12, 3, 8, value))
    (source / "manifest.jsonl").write_text(json.dumps({"image": "a/0000.png", "identity": "a", "index": 0, "imported": "folder", "width": 8,
                                                       "height": 12, "channels": 3, "bits": 8, "sha256": "0" * 64}) + "\n")
    export(source, "folder", out, "--size", 4)
    width, height, channels, rows = read_png((out / "a" / "0000.png").read_bytes())
    expected = [bytearray(value(2 * x, 2 * y + 2, c) for x in range(4) for c in range(3)) for y in range(4)]
    demand((width, height, channels) == (4, 4, 3) and rows == expected, f"folder --size: {rows}, expected {expected}")


# ---- webdataset ----

def read_shard(path):
    """Samples as WebDataset groups them: regular files in turn, a key up to the first point of the last part of the name, the rest in small
    letters a field; a key that comes twice with one field is an error."""
    samples = []
    with tarfile.open(path) as archive:
        for member in archive:
            demand(member.isreg() and member.mtime == 0 and member.uid == 0, f"{path}: {member.name}: a time or an owner")
            match = re.match(r"^((?:.*/|)[^.]+)[.]([^/]*)$", member.name)
            demand(match is not None, f"{path}: '{member.name}' is no name of a sample's file")
            key, field = match.group(1), match.group(2).lower()
            if not samples or samples[-1]["__key__"] != key:
                samples.append({"__key__": key})
            demand(field not in samples[-1], f"{path}: {member.name} twice")
            samples[-1][field] = archive.extractfile(member).read()
    return samples


def check_webdataset(folder, work, shard, has_splits):
    out = work / f"shards{shard}{has_splits}"
    export(folder, "webdataset", out, "--shard-images", shard)
    index = json.loads((out / "index.json").read_text())
    demand(index["wids_version"] == 1, "webdataset: index.json is of another version")
    found = {}
    for entry in index["shardlist"]:
        samples = read_shard(out / entry["url"])
        demand(len(samples) == entry["nsamples"] <= shard, f"webdataset: {entry['url']} has {len(samples)} samples, index {entry['nsamples']}")
        demand((out / entry["url"]).stat().st_size == entry["filesize"], f"webdataset: {entry['url']}: another size than in the index")
        listed = subprocess.run(["tar", "tf", out / entry["url"]], capture_output=True, text=True, check=False)
        demand(listed.returncode == 0 and listed.stderr == "", f"webdataset: GNU tar says: {listed.stderr}")
        prefix = entry["url"].rsplit("-", 1)[0]
        found.setdefault(prefix, []).extend(samples)
    demand(names_below(out) == {entry["url"] for entry in index["shardlist"]} | {"index.json", "identities.txt", ".diffuse-export.json"},
           "webdataset: files that the index does not name")
    images, lines = images_of(folder), lines_of(folder)
    people = (out / "identities.txt").read_text().splitlines()
    wanted = Counter(image.get("split", out.name) for image in images)
    demand({name: len(samples) for name, samples in found.items()} == dict(wanted), f"webdataset: {found.keys()} for {wanted}")
    turn = {name: iter(samples) for name, samples in found.items()}
    keys = set()
    for image, line, number in zip(images, lines, person_numbers(images)):
        sample = next(turn[image.get("split", out.name)])
        keys.add(sample["__key__"])
        demand(sample["json"].decode() == line, f"webdataset: {image['image']}: the line changed")
        demand(int(sample["cls"]) == number and people[number] == image["identity"], f"webdataset: {image['image']}: another number")
        same_files("webdataset", [(sample[image["image"].rsplit(".", 1)[1]], folder / image["image"])])
        same_files("webdataset", ((sample[f"{kind}.png"], folder / path) for kind, path in image.get("labels", {}).items()))
    demand(len(keys) == len(images), "webdataset: keys are not unique")


def long_names(work):
    """Names that need a pax header."""
    source, out, identity = work / "long", work / "long-shards", "." * 0 + "x." * 31
    (source / identity).mkdir(parents=True)
    lines = []
    for index in range(2):
        (source / identity / f"{index:04}.png").write_bytes(png(4, 4, 1, 8, lambda x, y, c: x * y + index))
        lines.append({"image": f"{identity}/{index:04}.png", "identity": identity, "index": index, "imported": "folder", "width": 4, "height": 4,
                      "channels": 1, "bits": 8, "sha256": "0" * 64})
    (source / "manifest.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    export(source, "webdataset", out)
    samples = read_shard(out / "long-shards-000000.tar")
    demand(len(samples) == 2 and len(samples[0]["__key__"]) > 100, "webdataset: long names got lost")
    same_files("webdataset", ((sample["png"], source / line["image"]) for sample, line in zip(samples, lines)))


# ---- imagefolder ----

def arrow_type(value):
    """The type that Arrow infers for a JSON value; None for null, which fits all."""
    if isinstance(value, list):
        kinds = {arrow_type(item) for item in value} - {None}
        return ("list", kinds.pop() if len(kinds) == 1 else tuple(kinds))
    if isinstance(value, dict):
        return ("struct", tuple(sorted((key, arrow_type(item)) for key, item in value.items())))
    return None if value is None else type(value).__name__


def columns_disagree(rows):
    types = {}
    return [key for row in rows for key, value in row.items()
            if arrow_type(value) is not None and types.setdefault(key, arrow_type(value)) != arrow_type(value)]


def equal(a, b):
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(equal, a, b))
    return a == b and isinstance(a, bool) == isinstance(b, bool)


def check_imagefolder(folder, work):
    out = work / f"hf-{folder.name}"
    export(folder, "imagefolder", out)
    images = images_of(folder)
    named = set()
    for split in sorted({image.get("split", "train") for image in images}):
        rows = [json.loads(line) for line in (out / split / "metadata.jsonl").read_text().splitlines()]
        originals = [image for image in images if image.get("split", "train") == split]
        demand(len(rows) == len(originals), f"imagefolder: {split} has {len(rows)} lines, expected {len(originals)}")
        demand(not columns_disagree(rows), f"imagefolder: columns of several types: {set(columns_disagree(rows))}")
        named.add(f"{split}/metadata.jsonl")
        for row, image in zip(rows, originals):
            files = {"file_name": image["image"], **{f"label_{kind}_file_name": path for kind, path in image.get("labels", {}).items()}}
            for key, path in files.items():
                same_files("imagefolder", [(out / split / row[key], folder / path)])
                named.add(f"{split}/{row[key]}")
            rest = {key: value for key, value in row.items() if key not in files}
            demand(set(rest) == set(image) - {"image", "labels"}, f"imagefolder: {image['image']}: other keys")
            for key, value in rest.items():
                is_text = isinstance(value, str) and not isinstance(image[key], str)
                demand(equal(json.loads(value) if is_text else value, image[key]), f"imagefolder: {image['image']}: {key} is {value}")
                compared["imagefolder values"] += 1
    demand(names_below(out) == named, f"imagefolder: files that no line names: {names_below(out) - named}")


# ---- csv ----

def flatten(value, name, out, most):
    if isinstance(value, dict):
        for key, member in value.items():
            flatten(member, f"{name}.{key}" if name else key, out, most)
    elif isinstance(value, list):
        if len(value) <= most:
            for number, member in enumerate(value):
                flatten(member, f"{name}.{number}", out, most)
    else:
        out[name] = value
    return out


def cell_is(text, value):
    if value is None:
        return text == ""
    if isinstance(value, bool):
        return text == ("true" if value else "false")
    return text == value if isinstance(value, str) else float(text) == float(value)


def five_points(image):
    if "landmarks5" in image:
        return image["landmarks5"]
    marks = image["landmarks2d"]
    mean = lambda first, count: [sum(marks[i][axis] for i in range(first, first + count)) / count for axis in (0, 1)]
    return [mean(36, 6), mean(42, 6), marks[30], marks[48], marks[54]]


def check_csv(folder, work, *more):
    out = work / f"{folder.name}{len(more)}.csv"
    export(folder, "csv", out, *more)
    text = out.read_bytes()
    demand(text.count(b"\r\n") == len(images_of(folder)) + 1, "csv: lines do not end as RFC 4180 has it")
    rows = list(csv.DictReader(io.StringIO(text.decode(), newline=""), strict=True))
    demand(len(rows) == len(images_of(folder)), "csv: another number of rows")
    for row, image in zip(rows, images_of(folder)):
        values = flatten(image, "", {}, 1 << 30 if more else 16)
        for number, name in enumerate(("right_eye", "left_eye", "nose", "right_mouth", "left_mouth")):
            for axis in (0, 1):
                found, point = float(row.pop(f"{name}_{'xy'[axis]}")), five_points(image)[number][axis]
                demand(abs(found - point) < 1e-3, f"csv: {image['image']}: {name} at {found}, expected {point}")
        for name, cell in row.items():
            demand(cell_is(cell, values.get(name)), f"csv: {image['image']}: {name} is '{cell}', expected {values.get(name)}")
            compared["csv values"] += 1
        demand(set(values) <= set(row), f"csv: columns are missing: {set(values) - set(row)}")


# ---- celeba ----

def celeba_list(path, heads):
    lines = path.read_text().splitlines()
    names = lines[1].split() if heads else []
    rows = [line.split() for line in lines[2 if heads else 0:]]
    demand(not heads or int(lines[0]) == len(rows), f"celeba: {path.name}: counts {lines[0]} images, has {len(rows)}")
    return names, {row[0]: [int(value) for value in row[1:]] for row in rows}


def rendered_attributes(image):
    there = lambda key: image[key] != "none"
    return {"Bald": not there("hair") and not there("hat"), "Eyeglasses": there("glasses"), "Male": image["gender"] == "male",
            "Mustache": there("moustache"), "No_Beard": not there("beard"), "Smiling": image["expression"]["smile"] >= 0.3,
            "Wearing_Hat": there("hat"), "Young": image["age"] < 40}


def check_celeba(folder, work):
    out = work / f"celeba-{folder.name}"
    export(folder, "celeba", out)
    images = images_of(folder)
    names, attributes = celeba_list(out / "list_attr_celeba.txt", True)
    _, people = celeba_list(out / "identity_CelebA.txt", False)
    _, marks = celeba_list(out / "list_landmarks_align_celeba.txt", True)
    _, boxes = celeba_list(out / "list_bbox_celeba.txt", True)
    has_splits = "split" in images[0]
    parts = celeba_list(out / "list_eval_partition.txt", False)[1] if has_splits else {}
    demand(has_splits == (out / "list_eval_partition.txt").exists(), "celeba: a partition without splits")
    for number, (image, person) in enumerate(zip(images, person_numbers(images)), 1):
        name = f"{number:06}.{image['image'].rsplit('.', 1)[1]}"
        same_files("celeba", [(out / "img_align_celeba" / name, folder / image["image"])])
        own = {key.replace(" ", "_"): value > 0 for key, value in image["attributes"].items()} if "attributes" in image else None
        expected = own or rendered_attributes(image)
        demand(dict(zip(names, attributes[name])) == {key: 1 if value else -1 for key, value in expected.items()},
               f"celeba: {image['image']}: attributes {attributes[name]}")
        demand(people[name] == [person + 1], f"celeba: {image['image']}: person {people[name]}")
        points = [value for point in five_points(image) for value in point]
        demand(all(abs(found + 0.5 - value) <= 0.5001 for found, value in zip(marks[name], points)),
               f"celeba: {image['image']}: points {marks[name]} for {points}")
        x, y, width, height = image["box"]
        demand(boxes[name] == [math.floor(x), math.floor(y), math.ceil(x + width) - math.floor(x), math.ceil(y + height) - math.floor(y)],
               f"celeba: {image['image']}: box {boxes[name]} for {image['box']}")
        demand(not has_splits or parts[name] == [SPLITS.index(image["split"])], f"celeba: {image['image']}: another part")
        compared["celeba values"] += len(names) + 15
    demand(len(names_below(out / "img_align_celeba")) == len(images), "celeba: other images than the set's")


# ---- pairs ----

def read_pairs(path):
    """Folds of pairs.txt as LFW's page describes it."""
    lines = [line.split("\t") for line in path.read_text().splitlines()]
    folds, each = map(int, lines[0])
    demand(len(lines) == 1 + 2 * folds * each, f"{path.name}: {len(lines)} lines for {folds} folds of 2 x {each}")
    out = []
    for fold in range(folds):
        part = lines[1 + 2 * fold * each:1 + 2 * (fold + 1) * each]
        demand(all(len(line) == 3 for line in part[:each]) and all(len(line) == 4 for line in part[each:]), f"{path.name}: fold {fold} is mixed")
        out.append([((line[0], line[1]), (line[0], line[2])) if len(line) == 3 else ((line[0], line[1]), (line[2], line[3])) for line in part])
    return out


def check_pairs(folder, work, group_of):
    out, again, other = work / "lfw", work / "lfw2", work / "lfw3"
    export(folder, "pairs", out, "--pairs", 40, "--seed", 5)
    export(folder, "pairs", again, "--pairs", 40, "--seed", 5)
    export(folder, "pairs", other, "--pairs", 40, "--seed", 6)
    same_files("pairs", ((out / image["identity"] / f"{image['identity']}_{image['index'] + 1:04}.png", folder / image["image"])
                         for image in images_of(folder)))
    demand((out / "pairs.txt").read_text() == (again / "pairs.txt").read_text(), "pairs: the same seed, other pairs")
    demand((out / "pairs.txt").read_text() != (other / "pairs.txt").read_text(), "pairs: another seed, the same pairs")
    lists = sorted(out.glob("pairs*.txt"))
    demand(len(lists) == 1 + len(set(group_of.values())), f"pairs: lists {lists}")
    for path in lists:
        folds = read_pairs(path)
        people = [{person for pair in fold for person, _ in pair} for fold in folds]
        demand(sum(map(len, people)) == len(set().union(*people)), f"{path.name}: a person is in two folds")
        pairs = [frozenset(pair) for fold in folds for pair in fold]
        demand(len(set(pairs)) == len(pairs) and all(len(pair) == 2 for pair in pairs), f"{path.name}: a pair comes twice")
        for person, number in {image for pair in pairs for image in pair}:
            demand((out / person / f"{person}_{int(number):04}.png").is_file(), f"{path.name}: no image {number} of {person}")
        groups = {group_of[person] for fold in people for person in fold}
        demand(path.name == "pairs.txt" or groups == {path.name[len("pairs_"):-len(".txt")]}, f"{path.name}: has {groups}")
        compared["pairs"] += len(pairs)


def grouped_set(folder):
    """Two groups of 20 people with 4 images each."""
    groups, lines = {}, []
    for person in range(40):
        identity = f"p{person:02}"
        (folder / identity).mkdir(parents=True)
        groups[identity] = f"{'female' if person % 2 else 'male'}_{'north' if person % 2 else 'south'}"
        gender, ethnicity = groups[identity].split("_")
        for index in range(4):
            (folder / identity / f"{index:04}.png").write_bytes(png(2, 2, 1, 8, lambda x, y, c: (person * 4 + index + x + y) % 256))
            lines.append({"image": f"{identity}/{index:04}.png", "identity": identity, "index": index, "imported": "folder", "width": 2,
                          "height": 2, "channels": 1, "bits": 8, "sha256": "0" * 64, "gender": gender, "ethnicity": ethnicity})
    (folder / "manifest.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return groups


def check_split_option(folder, work):
    """--split takes the images of one split and counts the others."""
    result = json.loads(must("dataset", "export", folder, "--to", "folder", "--out", work / "valid", "--split", "valid", "--json"))
    wanted = [image for image in images_of(folder) if image["split"] == "valid"]
    demand(result["images"] == len(wanted) and result["left_out"] == len(images_of(folder)) - len(wanted), f"--split: {result}")
    demand(names_below(work / "valid") == {image["image"] for image in wanted}, "--split: other images")


def check_there_and_back(folder, work):
    """What this program exports it imports, and exports again as the same files."""
    for form, missing in (("celeba", {"list_bbox_celeba.txt"}), ("folder", set())):  # CelebA's boxes are those before alignment
        first, back, second = work / f"{form}1", work / f"{form}-imported", work / f"{form}2"
        export(folder, form, first)
        must("dataset", "import", first, "--from", form, "--out", back, "--quiet")
        export(back, form, second)
        demand(names_below(second) == names_below(first) - missing, f"{form}: there and back: {names_below(first) ^ names_below(second)}")
        same_files(f"{form} there and back", ((second / name, first / name) for name in names_below(second)))


def check_that_the_checks_can_fail(folder, work):
    image = images_of(folder)[0]["image"]
    broken = bytearray((folder / image).read_bytes())
    broken[len(broken) // 2] ^= 1
    count, before = len(faults), dict(compared)
    same_files("planted", [(bytes(broken), folder / image)])
    demand(cell_is("1.5", 1.25), "planted")
    demand(not columns_disagree([{"a": 1}, {"a": 2.5}]), "planted")
    demand(not columns_disagree([{"a": {"x": 1.0}}, {"a": {"y": 1.0}}]), "planted")
    is_seen = len(faults) == count + 4
    del faults[count:]
    compared.clear()
    compared.update(before)
    demand(is_seen, "a planted fault was not seen")


with tempfile.TemporaryDirectory() as name:
    work = Path(name)
    plain, split, imported, grouped = work / "plain set", work / "split", work / "imported", work / "grouped"
    rendered_set(plain)
    with_splits(plain, split)
    imported_set(imported, CORPUS / "grey.jpg")
    groups = grouped_set(grouped)
    check_sizes(work)
    long_names(work)
    for number, folder in enumerate((plain, split, imported)):
        inside = work / str(number)
        check_folder(folder, inside)
        check_webdataset(folder, inside, 4, folder == split)
        check_webdataset(folder, inside, 1000, folder == split)
        check_imagefolder(folder, inside)
        check_csv(folder, inside)
        check_csv(folder, inside, "--landmarks")
        check_celeba(folder, inside)
    check_pairs(grouped, work, groups)
    check_split_option(split, work)
    check_there_and_back(split, work)
    check_that_the_checks_can_fail(plain, work)
finish(", ".join(f"{count} {what} compared" for what, count in sorted(compared.items())))
