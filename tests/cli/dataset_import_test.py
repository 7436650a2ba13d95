#!/usr/bin/env python3
"""Folders, lists and tables as users have them become data sets of ours: what can be read is read rightly, what cannot is named and
counted, and a failed import leaves nothing. Expected pixels, splits and attributes are computed here, from scratch and by the csv
module. $DIFFUSE is the program, $MODEL a small face model."""

import csv
import fcntl
import hashlib
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

PROGRAM, MODEL = os.environ["DIFFUSE"], os.environ["MODEL"]
PHOTOS = Path(__file__).resolve().parents[1] / "data" / "photos"
faults, tried = [], {"images": 0, "sets": 0, "refused": 0}


def demand(is_right, sentence):
    if not is_right:
        faults.append(sentence)


def run(*words):
    return subprocess.run([PROGRAM, *words], stdin=subprocess.DEVNULL, capture_output=True, timeout=120)


def imported(source, out, *more):
    """The result as JSON, the manifest's lines, what was said on standard error; and the new set verifies."""
    result = run("dataset", "import", source, "--out", out, "--json", *more)
    said = result.stderr.decode("utf-8", "replace")
    if result.returncode != 0:
        sys.exit(f"import {source}: exit {result.returncode}: {said}")
    lines = [json.loads(line) for line in open(out / "manifest.jsonl", encoding="utf-8")]
    check = run("dataset", "verify", out)
    demand(check.returncode == 0, f"{out}: verify says {check.stdout.decode()[:500]}{check.stderr.decode()}")
    tried["sets"] += 1
    tried["images"] += len(lines)
    return json.loads(result.stdout), lines, said


def refused(what, out, part, *words):
    """Exit 1 with one sentence that has `part`; nothing is left beside `out` that was not there."""
    before = sorted(os.listdir(out.parent))
    result = run("dataset", "import", *words, "--out", out)
    said = [line for line in result.stderr.decode("utf-8", "replace").splitlines() if line.startswith("diffuse: ")]
    demand(result.returncode == 1 and len(said) == 1 and part in said[0], f"{what}: expected a sentence with '{part}', found {said}")
    demand(sorted(os.listdir(out.parent)) == before, f"{what}: left {os.listdir(out.parent)}, before {before}")
    tried["refused"] += 1


# ---- PNG files of every kind ----

def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, depth, colour, rows, extra=b"", interlaced=0):
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows))) + chunk(b"IEND", b"")


def adam7(width, height, pixels):
    """Rows of the seven passes of an 8 bit grey image."""
    for x0, y0, dx, dy in ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)):
        for y in range(y0, height, dy):
            if x0 < width:
                yield bytes(pixels[y][x] for x in range(x0, width, dx))


W, H = 11, 9
GREY = [[(23 * x + 41 * y) % 256 for x in range(W)] for y in range(H)]
DEEP = b"".join(struct.pack(">H", (7001 * x + 113 * y) % 65536) for y in range(H) for x in range(W))
FLAT = bytes(v for row in GREY for v in row)
PALETTE = bytes((i * 37) % 256 for i in range(48))


def good_pngs():
    """Name, file, channels, bits, bytes of the pixels."""
    rows = [bytes(row) for row in GREY]
    yield "grey 8", png(W, H, 8, 0, rows), 1, 8, FLAT
    yield "deep", png(W, H, 16, 0, [DEEP[2 * W * y:2 * W * (y + 1)] for y in range(H)]), 1, 16, DEEP
    yield "interlaced", png(W, H, 8, 0, adam7(W, H, GREY), interlaced=1), 1, 8, FLAT
    indices = [[v % 16 for v in row] for row in GREY]
    packed = [bytes((row + [0])[i] << 4 | (row + [0])[i + 1] for i in range(0, W, 2)) for row in indices]
    yield "palette", png(W, H, 4, 3, packed, chunk(b"PLTE", PALETTE)), 3, 8, b"".join(PALETTE[3 * v:3 * v + 3] for row in indices for v in row)
    alpha = [bytes(v for value in row for v in (value, 255 - value, 7, value)) for row in GREY]
    yield "alpha", png(W, H, 8, 6, alpha), 4, 8, b"".join(alpha)
    yield "grey alpha", png(W, H, 8, 4, [bytes(v for value in row for v in (value, 128)) for row in GREY]), 2, 8, bytes(v for value in FLAT for v in (value, 128))


def turned(jpeg, orientation):
    tiff = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)
    body = b"Exif\0\0" + tiff
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + jpeg[2:]


# ---- folders ----

def fill_folder(top):
    """One identity with every good image, one with every bad one; odd names; circles. Returns what each good file must become."""
    expected = {}
    (top / "good one").mkdir(parents=True)
    for name, data, channels, bits, pixels in good_pngs():
        (top / "good one" / f"{name}.png").write_bytes(data)
        expected[f"good one/{name}.png"] = (W, H, channels, bits, hashlib.sha256(pixels).hexdigest())
    photos = {name: (PHOTOS / f"{name}.jpg").read_bytes() for name in ("plain", "progressive", "cmyk", "grey")}
    for name, data in photos.items():
        (top / "good one" / f"{name}.JPG").write_bytes(data)
        expected[f"good one/{name}.JPG"] = (12, 8, 1 if name == "grey" else 3, 8, None)
    (top / "good one" / "turned.jpeg").write_bytes(turned(photos["plain"], 6))
    expected["good one/turned.jpeg"] = (8, 12, 3, 8, None)
    (top / "good one" / "really a png.jpg").write_bytes(next(good_pngs())[1])
    expected["good one/really a png.jpg"] = (W, H, 1, 8, hashlib.sha256(FLAT).hexdigest())
    (top / "good one" / "inner").mkdir()
    (top / "good one" / "inner" / "0.png").write_bytes(next(good_pngs())[1])
    expected["good one/inner/0.png"] = (W, H, 1, 8, hashlib.sha256(FLAT).hexdigest())
    return expected


def bad_files(folder):
    good = next(good_pngs())[1]
    (folder / "zero.png").write_bytes(b"")
    (folder / "text.png").write_bytes(b"this is no image\n")
    (folder / "cut.png").write_bytes(good[:-20])
    (folder / "cut.jpg").write_bytes((PHOTOS / "plain.jpg").read_bytes()[:-30])
    (folder / "huge.png").write_bytes(png(2 ** 31 - 1, 2 ** 31 - 1, 8, 0, [b"0"]))
    (folder / "wide.png").write_bytes(png(20000, 1, 8, 0, [bytes(20000)]))
    (folder / "other.webp").write_bytes(b"RIFF\0\0\0\0WEBP")
    os.mkfifo(folder / "pipe.png")
    os.symlink("circle.png", folder / "circle.png")
    os.symlink("nowhere", folder / "dangling.jpg")
    count = 10
    (folder / "secret.png").write_bytes(good)
    os.chmod(folder / "secret.png", 0)
    if not os.access(folder / "secret.png", os.R_OK):  # root reads all
        count += 1
        return count, 0
    return count, 1


def folders(place):
    top = place / "as users have them"
    expected = fill_folder(top)
    for name in (b"new\nline", b"bad \xff\xfe utf8", "umläut".encode(), b"manifest.jsonl", b"labels", b"unknown", b".hidden", b"x" * 200):
        os.makedirs(os.path.join(os.fsencode(top), name))
        with open(os.path.join(os.fsencode(top), name, b"a\nb \xf0.png"), "wb") as file:
            file.write(next(good_pngs())[1])
    (top / "bad").mkdir()
    broken, readable = bad_files(top / "bad")
    os.symlink("..", top / "back")
    os.symlink(".", top / "good one" / "round")
    (top / "notes.txt").write_text("no image")
    (top / "loose.png").write_bytes(next(good_pngs())[1])
    result, lines, said = imported(top, place / "set")
    demand(result["images"] == len(lines) == len(expected) + 7 + readable + 1, f"folder: {len(lines)} images, expected {len(expected)} and 8")
    demand(result["skipped"] == broken + 2, f"folder: {result['skipped']} skipped, expected {broken} files and 2 links")
    demand(result["unknown"] == 1 and lines[-1]["identity"] == "unknown" and lines[-1]["original"] == "loose.png", "folder: the loose image")
    for name in ("zero.png", "text.png", "cut.png", "cut.jpg", "huge.png", "wide.png", "other.webp", "pipe.png", "circle.png", "dangling.jpg", "back", "round"):
        demand(sum(f"/{name}: " in line for line in said.splitlines()) == 1, f"folder: '{name}' is not named once in {said!r}")
    by_name = {line["original"]: line for line in lines}
    for name, (width, height, channels, bits, sha256) in expected.items():
        line = by_name.get(name, {})
        found = tuple(line.get(key) for key in ("width", "height", "channels", "bits"))
        demand(found == (width, height, channels, bits), f"{name}: {found}, expected {(width, height, channels, bits)}")
        demand(sha256 is None or line.get("sha256") == sha256, f"{name}: other pixels")
        source = (top / name).read_bytes()
        demand((place / "set" / line["image"]).read_bytes() == source, f"{name}: the file is not as it was")
        demand(line["image"].endswith(".png" if source[:4] == b"\x89PNG" else ".jpg"), f"{name}: became {line['image']}")
    ids = [line["identity"] for line in lines]
    demand(len(set(ids)) == 10, f"folder: {sorted(set(ids))}, expected 10 identities")
    demand(all(set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") and len(name) < 64 and name[0] != "."
               for name in ids), f"folder: unsafe names in {sorted(set(ids))}")
    demand(result["identities"] == 10, f"folder: {result['identities']} identities")
    linked, again, _ = imported(top, place / "linked", "--link", "--threads", "1")
    demand([line["sha256"] for line in again] == [line["sha256"] for line in lines] and linked == {**result, "out": linked["out"]}, "--link: another set")
    demand(all((place / "linked" / line["image"]).stat().st_nlink >= 2 for line in again), "--link: copies")
    os.chmod(top / "bad" / "secret.png", 0o600)
    views(place / "set", place)


def views(folder, place):
    """Sheets and reports of imported sets."""
    for words in (("dataset", "sheet", folder, "--out", place / "sheet.png"), ("dataset", "sheet", folder, "--labels", "--out", place / "l.png"),
                  ("report", folder, "--out", place / "page" / "index.html")):
        result = run(*words, "--quiet")
        demand(result.returncode == 0, f"{words}: {result.stderr.decode()}")
    page = place / "page" / "index.html"
    demand(not page.exists() or "Synthetic faces" not in page.read_text(), "report: calls imported faces synthetic")


def splits(place):
    top, data = place / "parts", next(good_pngs())[1]
    for name in ("train/a/0.png", "train/b/0.png", "train/b/1.png", "val/c/0.png", "test/b/2.png", "test/loose.png", "extra/d/0.png"):
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_bytes(data)
    result, lines, said = imported(top, place / "parts set")
    found = [(line["identity"], line["index"], line.get("split")) for line in lines]
    demand(found == [("a", 0, "train"), ("b", 0, "train"), ("b", 1, "train"), ("b", 2, "test"), ("c", 0, "valid"), ("unknown", 0, "test")], f"splits: {found}")
    demand(result["splits"] == {"train": 3, "valid": 1, "test": 2} and result["skipped"] == 1 and "extra" in said, f"splits: {result}, {said}")
    _, lines, _ = imported(top, place / "parts test", "--split", "test")
    demand([line["original"] for line in lines] == ["test/b/2.png", "test/loose.png"], f"--split test: {lines}")
    refused("a split that nobody has", place / "none", "no images of split dev", top, "--split", "dev")


# ---- CelebA ----

ATTRIBUTES = ("5_o_Clock_Shadow", "Male", "Young")
COUNT = 30


class Celeb:
    """What the lists say of image n, from 1."""

    def __init__(self, n):
        self.name, self.identity, self.split = f"{n:06d}.jpg", 2880 - n * 7 % 5, 0 if n <= 18 else 1 if n <= 24 else 2
        self.attributes = [1 if (n >> bit) % 2 else -1 for bit in range(3)]
        self.landmarks = [69 + n, 109, 106, 113, 77, 142, 73, 152, 108, 154]

    def line(self):
        points = [[self.landmarks[2 * p] + 0.5, self.landmarks[2 * p + 1] + 0.5] for p in range(5)]
        return {"original": f"Img/img_align_celeba/{self.name}", "identity": str(self.identity), "split": ("train", "valid", "test")[self.split],
                "gender": "male" if self.attributes[1] > 0 else "female", "landmarks5": points,
                "attributes": {name: value > 0 for name, value in zip(ATTRIBUTES, self.attributes)}}


POINTS = "lefteye_x lefteye_y righteye_x righteye_y nose_x nose_y leftmouth_x leftmouth_y rightmouth_x rightmouth_y".split()


def write_celeba(top, people):
    images, data = top / "Img" / "img_align_celeba", (PHOTOS / "plain.jpg").read_bytes()
    for folder in (images, top / "Anno", top / "Eval"):
        folder.mkdir(parents=True)
    for one in people:
        (images / one.name).write_bytes(data)
    rows = "".join(f"{one.name} {' '.join(f'{v:2d}' for v in one.attributes)}\n" for one in people)
    (top / "Anno" / "list_attr_celeba.txt").write_text(f"{len(people)}\n{' '.join(ATTRIBUTES)} \n{rows}")
    rows = "".join(f"{one.name} {' '.join(f'{v:3d}' for v in one.landmarks)}\n" for one in people)
    (top / "Anno" / "list_landmarks_align_celeba.txt").write_text(f"{len(people)}\n{' '.join(POINTS)}\n{rows}")
    (top / "Anno" / "list_bbox_celeba.txt").write_text(f"{len(people)}\nimage_id x_1 y_1 width height\n" + "".join(f"{one.name} 1 2 3 4\n" for one in people))
    (top / "Anno" / "identity_CelebA.txt").write_text("".join(f"{one.name} {one.identity}\n" for one in people))
    (top / "Eval" / "list_eval_partition.txt").write_text("".join(f"{one.name} {one.split}\n" for one in people))


def write_kaggle(top, people):
    shutil.copytree(top.parent / "celeba" / "Img" / "img_align_celeba", top / "img_align_celeba" / "img_align_celeba")
    for name, header, values in (("list_attr_celeba", ATTRIBUTES, lambda one: one.attributes), ("list_landmarks_align_celeba", POINTS, lambda one: one.landmarks),
                                 ("list_eval_partition", ["partition"], lambda one: [one.split])):
        with open(top / f"{name}.csv", "w", newline="") as file:
            csv.writer(file).writerows([["image_id", *header], *([one.name, *values(one)] for one in people)])
    shutil.copy(top.parent / "celeba" / "Anno" / "identity_CelebA.txt", top)


def same_people(what, lines, people):
    wanted = sorted((one.line() for one in people), key=lambda line: (int(line["identity"]), line["original"]))
    found = [{key: line[key] for key in want if key in line} for line, want in zip(lines, wanted)]
    demand(len(lines) == len(wanted), f"{what}: {len(lines)} images, expected {len(wanted)}")
    for have, want in zip(found, wanted):
        demand(have == want, f"{what}: {have}, expected {want}")


def celeba(place):
    top, people = place / "celeba", [Celeb(n) for n in range(1, COUNT + 1)]
    write_celeba(top, people)
    result, lines, _ = imported(top, place / "celeba set")
    same_people("CelebA", lines, people)
    demand(not any("box" in line for line in lines), "CelebA: boxes of other pixels")
    demand(result["splits"] == {"train": 18, "valid": 6, "test": 6} and result["format"] == "celeba", f"CelebA: {result}")
    for split, count in (("train", 18), ("valid", 6), ("test", 6)):
        _, part, _ = imported(top, place / f"celeba {split}", "--split", split)
        demand(len(part) == count and all(line["split"] == split for line in part), f"CelebA --split {split}: {len(part)}")
    (place / "kaggle").mkdir()
    write_kaggle(place / "kaggle", people)
    _, kaggle, _ = imported(place / "kaggle", place / "kaggle set")
    for line in kaggle:
        line["original"] = line["original"].replace("img_align_celeba/img_align_celeba", "Img/img_align_celeba")
    same_people("CelebA as CSV", kaggle, people)
    celeba_gaps(place, top)


def celeba_gaps(place, top):
    """Images without entries, entries without images, and lists that are wrong."""
    (top / "Img" / "img_align_celeba" / "000004.jpg").unlink()
    (top / "Img" / "img_align_celeba" / "999999.jpg").write_bytes((PHOTOS / "grey.jpg").read_bytes())
    result, lines, said = imported(top, place / "gaps")
    demand((result["images"], result["missing"], result["unlisted"], result["unknown"]) == (COUNT, 1, 1, 1), f"gaps: {result}")
    demand("000004.jpg: in a list" in said and "999999.jpg: not in the list" in said, f"gaps: {said}")
    stray = [line for line in lines if line["original"].endswith("999999.jpg")]
    demand(len(stray) == 1 and "split" not in stray[0] and stray[0]["identity"] == "unknown" and stray[0]["channels"] == 1, f"gaps: {stray}")
    partition, attributes = top / "Eval" / "list_eval_partition.txt", top / "Anno" / "list_attr_celeba.txt"
    good = {path: path.read_text() for path in (partition, attributes)}
    for path, text, part in ((partition, good[partition] + "000001.jpg 1\n", "'000001.jpg' for the second time"),
                             (partition, good[partition].replace(" 2\n", " 3\n", 1), "'3', expected a whole number from 0 to 2"),
                             (partition, good[partition] + "000001.jpg\n", "line 31: 1 fields, expected 2"),
                             (attributes, good[attributes][:-40], "fewer rows than the 30"),
                             (attributes, good[attributes] + "x.jpg 1 1 1\n", "more rows than the 30"),
                             (attributes, good[attributes].replace(" 1", " 2", 1), "expected a whole number from -1 to 1"),
                             (attributes, "", "is empty")):
        path.write_text(text)
        refused(f"a list: {part}", place / "never", part, top)
        path.write_text(good[path])


def celebahq(place):
    top, data = place / "hq", (PHOTOS / "plain.jpg").read_bytes()
    (top / "CelebA-HQ-img").mkdir(parents=True)
    celebs = {i: Celeb(n) for i, n in enumerate((30, 2, 19, 7))}
    for i in celebs:
        (top / "CelebA-HQ-img" / f"{i}.jpg").write_bytes(data)
    (top / "CelebAMask-HQ-attribute-anno.txt").write_text("4\n" + " ".join(ATTRIBUTES) + "\n" + "".join(
        f"{i}.jpg  {' '.join(map(str, one.attributes))}\n" for i, one in celebs.items()))
    (top / "CelebA-HQ-to-CelebA-mapping.txt").write_text("idx    orig_idx    orig_file\n" + "".join(
        f"{i}    {int(one.name[:6]) - 1}    {one.name}\n" for i, one in celebs.items()))
    lists = ("--identities", place / "celeba" / "Anno" / "identity_CelebA.txt", "--partition", place / "celeba" / "Eval" / "list_eval_partition.txt")
    result, lines, _ = imported(top, place / "hq set", *lists)
    demand(result["format"] == "celebahq" and result["missing"] == 0 and result["unlisted"] == 0, f"CelebA-HQ: {result}")
    for line in lines:
        want = celebs[int(Path(line["original"]).stem)].line()
        demand(all(line[key] == want[key] for key in ("identity", "split", "gender", "attributes")), f"CelebA-HQ: {line}, expected {want}")
        demand(line["original_image"] == Path(want["original"]).name and "landmarks5" not in line, f"CelebA-HQ: {line}")


# ---- tables ----

def tables(place):
    top = place / "tables"
    (top / "im ages").mkdir(parents=True)
    rows = []
    for n in range(12):
        name = f"im ages/a,{n} \"q\".png"
        (top / name).write_bytes(next(good_pngs())[1])
        rows.append({"File": name, "Person": ("zoe", "amy", "")[n % 3], "split": ("train", "val", "2")[n % 3], "Sex": "mF"[n % 2], "age": ("30", "7.5", "3-9", "")[n % 4],
                     "race": "East \"Asian\"", "note": "two\nlines, and \"quotes\"", "score": str(n / 4), "id": f"{n:05d}", "ok": str(n % 2 == 0)})
    for ending, separator in (("csv", ","), ("tsv", "\t")):
        table = top / f"t.{ending}"
        with open(table, "w", newline="") as file:
            writer = csv.DictWriter(file, rows[0], delimiter=separator, quoting=csv.QUOTE_ALL if ending == "tsv" else csv.QUOTE_MINIMAL)
            writer.writeheader()
            writer.writerows(rows)
        result, lines, _ = imported(table, place / f"table {ending}", *(() if ending == "csv" else ("--column-image", "FILE")))
        demand(result["identities"] == 3 and result["unknown"] == 4 and result["splits"] == {"train": 4, "valid": 4, "test": 4}, f"{ending}: {result}")
        demand([line["identity"] for line in lines] == ["zoe"] * 4 + ["amy"] * 4 + ["unknown"] * 4, f"{ending}: the order of identities")
        by_name = {row["File"]: row for row in rows}
        for line in lines:
            row, attributes = by_name[line["original"]], line["attributes"]
            demand(line["gender"] == {"m": "male", "F": "female"}[row["Sex"]] and line["ethnicity"] == row["race"], f"{ending}: {line}")
            demand(line.get("age") == {"30": 30, "7.5": 7.5}.get(row["age"]) and attributes.get("age_range") == ("3-9" if row["age"] == "3-9" else None), f"{ending}: age of {line}")
            demand((attributes["note"], attributes["score"], attributes["id"], attributes["ok"]) == (row["note"], float(row["score"]), row["id"] if row["id"] != "0" else 0, row["ok"] == "True"),
                   f"{ending}: {attributes} of {row}")
    for text, part in (("file,a\nx.png\n", "line 2: 1 fields, expected 2"), ("a,b\n1,2\n", "no column of file names"), ("file\n\"x\n", "nobody closes"), ("", "expected a header"),
                       ("file\n", "no rows"), ("file,split\nx.png,dev\n", "line 2: split 'dev'"), ("file\n/etc/x.png\n", "lies outside"), ("file\na/../../x.png\n", "lies outside"),
                       ("file,a,A\nx,1,2\n", "'A' for the second time"), ("file\nx.png\nx.png\n", "line 3: 'x.png' for the second time"), ("file\n\0\n", "zero byte")):
        (top / "bad.csv").write_text(text)
        refused(f"a table: {part}", place / "never", part, top / "bad.csv")
    (top / "bad.csv").write_text("file\nnot there.png\n")
    refused("a table of nothing", place / "never", "no images", top / "bad.csv")
    demand(run("dataset", "import", top / "t.csv", "--out", place / "never", "--partition", "x").returncode == 2, "a table with --partition: expected exit 2")


# ---- our own sets ----

def own_sets(place):
    people, source = place / "people.jsonl", place / "own"
    for words in (("sample", "--model", MODEL, "--count", "3", "--out", people),
                  ("render", "--model", MODEL, "--identities", people, "--per-identity", "2", "--size", "32", "--labels", "depth,normals", "--out", source)):
        if run(*words, "--quiet").returncode != 0:
            sys.exit(f"{words}: failed")
    _, lines, _ = imported(source, place / "own again")
    demand((place / "own again" / "manifest.jsonl").read_bytes() == (source / "manifest.jsonl").read_bytes(), "our own set: other lines")
    for line in lines:
        for name in (line["image"], *line["labels"].values()):
            demand((place / "own again" / name).read_bytes() == (source / name).read_bytes(), f"our own set: {name}")
    (source / lines[1]["labels"]["depth"]).write_bytes(b"")
    result, rest, said = imported(source, place / "own less")
    demand(result["skipped"] == 1 and rest == [line for n, line in enumerate(lines) if n != 1] and lines[1]["labels"]["depth"] in said, f"a broken label: {result}, {said}")
    with open(source / ".diffuse" / "run.lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        refused("a set that somebody writes", place / "never", "another process", source)
    (source / "manifest.jsonl").rename(source / "m")
    refused("a set that is not finished", place / "never", "no manifest.jsonl", source)
    text = (source / "m").read_text().splitlines(keepends=True)
    for damaged, part in ((text[:2] + ["no JSON\n"], "line 3"), (text[:1] + text[:1], "line 2"), (text[1:2] + text[:1], "line 2"), (text[:2] + text[2:4] + text[:2], "line 5"),
                          (text[:1] + ["{\"image\":\"a/0000.png\",\"identity\":\"a\",\"index\":0}\n"], "line 2"), ([text[0].replace("/0000.png", "/0001.png", 1)], "line 1"),
                          ([text[0].replace("{", "{\"version\":99,", 1)], "version 99")):
        (source / "manifest.jsonl").write_text("".join(damaged))
        refused(f"a manifest: {part}", place / "never", part, source)


def places(place):
    top = place / "set"
    refused("an output that is there", place / "linked", "is there already", top)
    refused("an output inside the source", top / "inner", "lies inside of", top)
    refused("a source that is not there", place / "never", "not there", place / "nothing")
    (place / "hollow" / "a").mkdir(parents=True)
    refused("a folder without images", place / "never", "no images", place / "hollow")
    (place / "hollow" / "a" / "x.png").write_bytes(b"")
    refused("a folder of broken images", place / "never", "none of 1 images can be read", place / "hollow")
    demand(run("dataset", "import", top, "--out", place / "never", "--from", "nonsense").returncode == 2, "--from nonsense: expected exit 2")


def can_fail(place):
    """The test of the test: verify names what an import must not do."""
    top = place / "celeba set"
    first, second = [next(folder.glob("0000.jpg")) for folder in sorted(top.iterdir()) if folder.is_dir()][:2]
    first.write_bytes((PHOTOS / "grey.jpg").read_bytes())
    shutil.copy(second, second.with_suffix(".png"))
    (second.parent / "0001.jpg").unlink()
    said = run("dataset", "verify", top).stdout.decode()
    for part in (f"{first.relative_to(top)}: 1 channels", f"{second.with_suffix('.png').relative_to(top)}: not named", f"{second.parent.name}/0001.jpg: missing"):
        demand(part in said and len(said.splitlines()) == 3, f"verify: '{part}' is not among {said}")


def main():
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        for part in (folders, splits, celeba, celebahq, tables, own_sets, places, can_fail):
            part(place)
    for fault in faults[:40]:
        print(fault)
    print(f"{tried['images']} images in {tried['sets']} sets, {tried['refused']} refusals, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
