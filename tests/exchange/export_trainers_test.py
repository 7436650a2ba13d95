#!/usr/bin/python3
"""Every image and value of the exports to coco, stylegan-zip, rec, bin and lmdb is read back: by Python's json, zipfile and pickle, by
Debian's python3-lmdb (which is why this asks for Debian's Python), and by readers written here from the formats' descriptions, for
pycocotools and mxnet are not in Debian. $DIFFUSE is the program, $MODEL a small face model."""

import json
import pickle
import shutil
import struct
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

import lmdb

from export_sets import demand, export, finish, images_of, imported_set, lines_of, must, png, read_png, rendered_set, run, with_splits

CORPUS = Path(__file__).resolve().parents[1] / "fuzz" / "corpus" / "jpeg"
FACE = {1, 2, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 18}  # codes of docs/render.md that the face's own mask covers
compared = Counter()


def person_numbers(images):
    known = {}
    return [known.setdefault(image["identity"], len(known)) for image in images]


def pixels(data):
    """width, height, channels and the samples as one string of bytes."""
    width, height, channels, rows = read_png(data)
    return width, height, channels, b"".join(bytes(row) for row in rows)


# ---- coco ----

def mask_of(segmentation):
    """Rows of 0 and 1, by the description of COCO's mask API: 6 bits a character from '0' on, five of the number and one that says that
    more follow, the last with a sign; from the fourth number on differences to the one two before; runs down the columns."""
    height, width = segmentation["size"]
    lengths, value, shift = [], 0, 0
    for letter in segmentation["counts"]:
        code = ord(letter) - 48
        demand(0 <= code < 64, f"coco: '{letter}' in a mask")
        value |= (code & 31) << shift
        shift += 5
        if code & 32:
            continue
        if code & 16:
            value -= 1 << shift
        lengths.append(value + (lengths[-2] if len(lengths) > 2 else 0))
        value = shift = 0
    column_wise = [i % 2 for i, length in enumerate(lengths) for _ in range(length)]
    demand(len(column_wise) == width * height and min(lengths[1:], default=1) > 0, f"coco: runs of {len(column_wise)} pixels for {width} x {height}")
    return [column_wise[y::height] for y in range(height)]


def extent(mask):
    columns = [x for row in mask for x, value in enumerate(row) if value]
    rows = [y for y, row in enumerate(mask) if any(row)]
    return [min(columns), min(rows), max(columns) - min(columns) + 1, max(rows) - min(rows) + 1]


def check_points(annotation, points, visible, image):
    found = [annotation["keypoints"][i:i + 3] for i in range(0, len(annotation["keypoints"]), 3)]
    demand(len(found) == len(points), f"coco: {image['image']}: {len(found)} key points")
    side = image.get("size"), image.get("size")
    width, height = side if side[0] else (image["width"], image["height"])
    for (x, y, state), (px, py), is_seen in zip(found, points, visible):
        is_inside = 0 <= px < width and 0 <= py < height
        expected = (px - 0.5, py - 0.5, 2 if is_seen else 1) if is_inside else (0, 0, 0)
        demand(abs(x - expected[0]) < 1e-3 and abs(y - expected[1]) < 1e-3 and state == expected[2],
               f"coco: {image['image']}: a key point {x, y, state}, expected {expected}")
        compared["key points"] += 1
    demand(annotation["num_keypoints"] == sum(state > 0 for _, _, state in found), f"coco: {image['image']}: num_keypoints")


def check_masks(annotations, categories, codes, name):
    rows = [codes[3][y * codes[0]:(y + 1) * codes[0]] for y in range(codes[1])]
    for annotation in annotations:
        category = annotation["category_id"]
        wanted = FACE if category == 1 else {category - 10}
        mask = mask_of(annotation["segmentation"])
        demand(mask == [[int(code in wanted) for code in row] for row in rows], f"coco: {name}: the mask of {categories[category]['name']} differs")
        demand(annotation["area"] == sum(map(sum, mask)), f"coco: {name}: area {annotation['area']}")
        demand(category == 1 or annotation["bbox"] == extent(mask), f"coco: {name}: box {annotation['bbox']}")
        compared["masks"] += 1
    demand({a["category_id"] - 10 for a in annotations if a["category_id"] > 1} == set(codes[3]) - {0}, f"coco: {name}: other regions than are seen")


def check_coco(folder, work):
    out = work / f"coco-{folder.name}"
    export(folder, "coco", out)
    coco, images = json.loads((out / "annotations.json").read_text()), images_of(folder)
    categories = {category["id"]: category for category in coco["categories"]}
    demand(len(categories) == len(coco["categories"]) and len({a["id"] for a in coco["annotations"]}) == len(coco["annotations"]), "coco: an id twice")
    demand(all(0 < n <= len(categories[1]["keypoints"]) for edge in categories[1]["skeleton"] for n in edge), "coco: a skeleton without bones")
    demand(len(set(categories[1]["keypoints"])) == len(categories[1]["keypoints"]), "coco: a name of a key point twice")
    demand(len(coco["images"]) == len(images), "coco: another number of images")
    for number, (entry, image) in enumerate(zip(coco["images"], images), 1):
        own = [a for a in coco["annotations"] if a["image_id"] == number]
        demand(entry["id"] == number and (out / "images" / entry["file_name"]).read_bytes() == (folder / image["image"]).read_bytes(),
               f"coco: {image['image']}: another file")
        demand((entry["width"], entry["height"]) == (image.get("width", image.get("size")), image.get("height", image.get("size"))), "coco: a size")
        face, = [a for a in own if a["category_id"] == 1]
        demand(all(abs(a - b) < 1e-3 for a, b in zip(face["bbox"], image["box"])) and all(a["iscrowd"] == 0 for a in own), f"coco: {image['image']}: box")
        points, visible = (image["landmarks2d"], image["visible"]) if "landmarks2d" in image else (image["landmarks5"], [1] * 5)
        check_points(face, points, visible, image)
        if "segmentation" in image.get("labels", {}):
            check_masks(own, categories, pixels((folder / image["labels"]["segmentation"]).read_bytes()), image["image"])
        else:
            demand(face["segmentation"] == [] and abs(face["area"] - image["box"][2] * image["box"][3]) < 1e-3, "coco: a mask of nothing")
        compared["images"] += 1


# ---- stylegan-zip ----

def check_stylegan(folder, work, size):
    out = work / f"{folder.name}-{size}.zip"
    export(folder, "stylegan-zip", out, *(["--size", size] if size else []))
    images = images_of(folder)
    with zipfile.ZipFile(out) as archive:
        demand(archive.testzip() is None, "stylegan-zip: a member's sum")
        demand(all(info.compress_type == zipfile.ZIP_STORED and info.date_time == (1980, 1, 1, 0, 0, 0) for info in archive.infolist()), "stylegan-zip: form")
        names = sorted(name for name in archive.namelist() if name.endswith(".png"))  # as training/dataset.py of StyleGAN3 takes them
        labels = dict(json.loads(archive.read("dataset.json"))["labels"])
        demand([labels[name] for name in names] == person_numbers(images) and len(names) == len(labels), "stylegan-zip: other labels")
        shapes = set()
        for number, (name, image) in enumerate(zip(names, images)):
            found = pixels(archive.read(name))
            shapes.add(found[:3])
            demand(name == f"{number // 1000:05}/img{number:08}.png", f"stylegan-zip: {name}")
            demand(size or found == pixels((folder / image["image"]).read_bytes()), f"stylegan-zip: {name}: other pixels")
            compared["images"] += 1
        side = size or images[0]["size"]
        demand(len(shapes) == 1 and shapes <= {(side, side, 1), (side, side, 3)}, f"stylegan-zip: images of {shapes}")


# ---- rec ----

MAGIC = struct.pack("<I", 0xCED7230A)


class RecordIO:
    """dmlc's records by MXNet's page on RecordIO, and on top what insightface's MXFaceDataset and FaceImageIter do with them."""

    def __init__(self, folder):
        self.data = (folder / "train.rec").read_bytes()
        self.places = {int(number): int(place) for number, place in (line.split("\t") for line in (folder / "train.idx").read_text().splitlines())}

    def at(self, place):
        """The record there and where the next begins."""
        record = b""
        while True:
            magic, word = self.data[place:place + 4], struct.unpack("<I", self.data[place + 4:place + 8])[0]
            if magic != MAGIC:
                raise ValueError(f"no record at {place}")
            flag, length = word >> 29, word & (1 << 29) - 1
            record += self.data[place + 8:place + 8 + length]
            place += 8 + (length + 3) // 4 * 4
            if flag in (0, 3):
                return record, place
            record += MAGIC

    def __getitem__(self, number):
        record = self.at(self.places[number])[0]
        flag, label, own, _ = struct.unpack("<IfQQ", record[:24])
        labels = struct.unpack(f"<{flag}f", record[24:24 + 4 * flag]) if flag else (label,)
        if own != number:
            raise ValueError(f"record {number} says that it is {own}")
        return labels, record[24 + 4 * flag:], flag

    def all_places(self):
        place, out = 0, []
        while place < len(self.data):
            out.append(place)
            place = self.at(place)[1]
        return out


def check_rec(folder, work, size=None, expected=None):
    """expected: the images' bytes, where they are known."""
    out = work / f"rec-{folder.name}-{size}"
    export(folder, "rec", out, *(["--size", size] if size else []))
    rec, images = RecordIO(out), images_of(folder)
    people, side = person_numbers(images), size or 112
    demand((out / "property").read_text().strip() == f"{max(people) + 1},{side},{side}", "rec: property")
    demand(sorted(rec.places.values()) == rec.all_places(), "rec: the index has other records than the file")
    (end, last), _, flag = rec[0]
    demand(flag == 2 and end == len(images) + 1, f"rec: record 0 says {end}")
    for number in range(1, int(end)):
        labels, data, flag = rec[number]
        demand(flag == 0 and labels == (people[number - 1],), f"rec: record {number} has labels {labels}")
        demand(pixels(data)[:2] == (side, side), f"rec: record {number} has another size")
        demand(expected is None or data == expected[number - 1], f"rec: record {number} has other bytes")
        compared["images"] += 1
    covered = []
    for number in range(int(end), int(last)):
        (first, stop), data, flag = rec[number]
        covered += range(int(first), int(stop))
        demand(flag == 2 and not data and len({people[n - 1] for n in range(int(first), int(stop))}) == 1, f"rec: record {number} mixes identities")
    demand(covered == list(range(1, int(end))), "rec: the identities' records do not cover the images")
    lines = [line.split("\t") for line in (out / "train.lst").read_text().splitlines()]
    demand(lines == [[str(n), str(person), image["image"]] for n, (person, image) in enumerate(zip(people, images), 1)], "rec: train.lst")


def magic_set(folder):
    """Images with the magic number inside: in a PNG's text chunk, at each distance from a multiple of four, twice in a row, and at the end."""
    files = []
    for number, filling in enumerate([b"x" * n + MAGIC + b"y" * 9 for n in range(4)] + [MAGIC * 3, b"z" * 3 + MAGIC * 2 + b"w" * 5 + MAGIC]):
        plain = png(2, 2, 3, 8, lambda x, y, c: (number * 40 + x + y + c) % 256)
        body = b"Comment\0" + filling
        files.append(plain[:33] + struct.pack(">I", len(body)) + b"tEXt" + body + struct.pack(">I", __import__("zlib").crc32(b"tEXt" + body)) + plain[33:])
    lines = []
    for number, data in enumerate(files):
        who = f"p{number % 2}"  # in turn: a run of images for each
        (folder / who).mkdir(parents=True, exist_ok=True)
        (folder / who / f"{number:04}.png").write_bytes(data)
        lines.append({"image": f"{who}/{number:04}.png", "identity": who, "index": number, "imported": "folder", "width": 2, "height": 2, "channels": 3,
                      "bits": 8, "sha256": "0" * 64})
    (folder / "manifest.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return files


# ---- bin ----

def crowd_set(folder, people=40, images=4):
    lines = []
    for person in range(people):
        (folder / f"p{person}").mkdir(parents=True)
        for index in range(images):
            number = person * images + index
            (folder / f"p{person}" / f"{index:04}.png").write_bytes(png(4, 4, 1, 8, lambda x, y, c: (number >> (x * 4)) % 256))
            lines.append({"image": f"p{person}/{index:04}.png", "identity": f"p{person}", "index": index, "imported": "folder", "width": 4, "height": 4,
                          "channels": 1, "bits": 8, "sha256": "0" * 64})
    (folder / "manifest.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))


def check_bin(folder, work):
    out, again, other = work / "lfw.bin", work / "again.bin", work / "other.bin"
    result = json.loads(must("dataset", "export", folder, "--to", "bin", "--out", out, "--pairs", 100, "--size", 4, "--seed", 3, "--json"))
    export(folder, "bin", again, "--pairs", 100, "--size", 4, "--seed", 3)
    export(folder, "bin", other, "--pairs", 100, "--size", 4, "--seed", 4)
    demand(out.read_bytes() == again.read_bytes() != other.read_bytes(), "bin: the seed does not decide")
    owner = {(folder / image["image"]).read_bytes(): image["identity"] for image in images_of(folder)}
    with open(out, "rb") as file:
        files, answers = pickle.load(file)
    with open(out, "rb") as file:
        demand(pickle.load(file, encoding="bytes") == (files, answers), "bin: another set with encoding='bytes'")
    demand(len(answers) == 200 and len(files) == 400 and all(type(a) is bool for a in answers), f"bin: {len(answers)} answers, {len(files)} files")
    demand(result["images"] == len(set(files)) and result["images"] + result["left_out"] == len(images_of(folder)), f"bin: counts {result}")
    people = [set() for _ in range(10)]
    for number, answer in enumerate(answers):
        a, b = files[2 * number], files[2 * number + 1]
        demand(a != b and (owner[a] == owner[b]) == answer, f"bin: pair {number} is not what it says")
        people[number // 20] |= {owner[a], owner[b]}
        compared["pairs"] += 1
    demand(all(sum(answers[20 * fold:20 * fold + 20]) == 10 for fold in range(10)), "bin: a fold is not balanced")
    demand(len(set().union(*people)) == sum(map(len, people)), "bin: a person is in two folds")
    export(folder, "bin", work / "usual.bin")
    with open(work / "usual.bin", "rb") as file:
        demand(pixels(pickle.load(file)[0][0])[:3] == (112, 112, 1), "bin: another size than the usual one")


# ---- lmdb ----

def check_lmdb(folder, work, size=None):
    out = work / f"lmdb-{folder.name}-{size}"
    export(folder, "lmdb", out, *(["--size", size] if size else []))
    images, lines = images_of(folder), lines_of(folder)
    demand([path.name for path in out.iterdir()] == ["data.mdb"], "lmdb: other files")
    environment = lmdb.open(str(out), readonly=True, lock=False, max_readers=1)
    with environment.begin() as view:
        demand(int(view.get(b"num-samples")) == len(images) and int(view.get(b"num-classes")) == max(person_numbers(images)) + 1, "lmdb: counts")
        demand(view.stat()["entries"] == 3 * len(images) + 2, f"lmdb: {view.stat()['entries']} entries")
        for number, (image, person) in enumerate(zip(images, person_numbers(images)), 1):
            found = view.get(b"image-%09d" % number)
            demand(pixels(found)[:2] == (size, size) if size else found == (folder / image["image"]).read_bytes(), f"lmdb: image {number} differs")
            demand(int(view.get(b"label-%09d" % number)) == person, f"lmdb: label {number}")
            demand(view.get(b"meta-%09d" % number).decode() == lines[number - 1], f"lmdb: line {number}")
            compared["images"] += 1
    environment.close()


def check_large_lmdb(work):
    """Files of several megabytes: the map grows many times over what it begins with."""
    folder = work / "large"
    (folder / "a").mkdir(parents=True)
    lines = []
    for number in range(24):
        filling = bytes([number]) * (3 << 20)
        (folder / "a" / f"{number:04}.png").write_bytes(png(2, 2, 1, 8, lambda x, y, c: number) + filling)
        lines.append({"image": f"a/{number:04}.png", "identity": "a", "index": number, "imported": "folder", "width": 2, "height": 2, "channels": 1,
                      "bits": 8, "sha256": "0" * 64})
    (folder / "manifest.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    out = work / "large.lmdb"
    export(folder, "lmdb", out)
    environment = lmdb.open(str(out), readonly=True, lock=False)
    with environment.begin() as view:
        for number, line in enumerate(lines, 1):
            demand(view.get(b"image-%09d" % number) == (folder / line["image"]).read_bytes(), f"lmdb: large image {number} differs")
    environment.close()
    compared["MiB in one LMDB"] += out.joinpath("data.mdb").stat().st_size >> 20
    shutil.rmtree(folder)
    shutil.rmtree(out)


# ---- what is refused, and the test of the test ----

def check_refusals(plain, imported, crowd, work):
    for words, part in (((plain, "stylegan-zip"), "power of two"), ((imported, "stylegan-zip"), "say --size"), ((plain, "bin", "--pairs", 15), "multiple of 10"),
                        ((plain, "bin"), "people"), ((crowd, "bin", "--pairs", 5000), "ask for fewer pairs")):
        result = run("dataset", "export", words[0], "--to", words[1], "--out", work / "never", *words[2:])
        said = result.stderr.decode().splitlines()
        demand(result.returncode == 1 and len(said) == 1 and part in said[0], f"{words}: exit {result.returncode}, {said}")
        demand(not list(work.glob("*never*")), f"{words}: left something")
        compared["refusals"] += 1


def check_that_the_checks_can_fail(files):
    import export_sets
    before = len(export_sets.faults)
    mask_of({"size": [2, 2], "counts": "5"})  # five pixels of four
    broken = bytearray(files[0])
    broken[-20] ^= 1
    is_caught = False
    try:
        pixels(bytes(broken))
    except Exception:
        is_caught = True
    is_seen = len(export_sets.faults) == before + 1 and is_caught
    del export_sets.faults[before:]
    demand(is_seen, "a planted fault was not seen")
    demand(mask_of({"size": [148, 1], "counts": "0d0X1FP1L"}) == [[i] for n, i in ((20, 1), (40, 0), (10, 1), (72, 0), (6, 1)) for _ in range(n)],
           "the reader of masks is wrong itself")


with tempfile.TemporaryDirectory() as name:
    work = Path(name)
    plain, split, imported, magic, crowd = work / "plain set", work / "split", work / "imported", work / "magic", work / "crowd"
    rendered_set(plain)
    with_splits(plain, split)
    imported_set(imported, CORPUS / "grey.jpg")
    files = magic_set(magic)
    crowd_set(crowd)
    for folder in (plain, split, imported):
        check_coco(folder, work)
        check_stylegan(folder, work, 32)
        check_rec(folder, work)
        check_lmdb(folder, work)
        check_lmdb(folder, work, 16)
    check_rec(magic, work, 2, files)
    check_stylegan(magic, work, 2)
    sized = work / "sized"
    rendered_set(sized, 3, 2, 64)
    check_stylegan(sized, work, None)
    check_bin(crowd, work)
    check_large_lmdb(work)
    check_refusals(plain, imported, crowd, work)
    check_that_the_checks_can_fail(files)
finish(", ".join(f"{count} {what} compared" for what, count in sorted(compared.items())))
