#!/usr/bin/env python3
"""Every dense label against the others and the manifest's camera, read with Python's standard library alone: meshes, landmarks, gaze,
texture coordinates, mattes and albedo of a small set tell the same story. Each check also meets a planted fault."""

import json
import math
import os
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

SIZE = 96
SKIN = set(range(1, 10))
EYE = {10, 11}
HAIR = {16, 17, 18}


def read_png(path):
    """Rows of pixels, each a tuple of channels."""
    data, at, packed, form = path.read_bytes(), 8, b"", None
    while at < len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        form = struct.unpack(">IIBB", body[:10]) if name == b"IHDR" else form
        packed += body if name == b"IDAT" else b""
        at += 12 + length
    width, height, bits, colour = form
    channels = {0: 1, 2: 3, 4: 2, 6: 4}[colour]
    row_bytes, raw = width * channels * bits // 8, zlib.decompress(packed)
    rows, before = [], bytes(row_bytes)
    for y in range(height):
        kind, line = raw[y * (row_bytes + 1)], raw[y * (row_bytes + 1) + 1 : (y + 1) * (row_bytes + 1)]
        assert kind in (0, 2), "a filter that the program does not use"
        before = line if kind == 0 else bytes((a + b) & 255 for a, b in zip(line, before))
        values = struct.unpack(f">{width * channels}{'H' if bits == 16 else 'B'}", before)
        rows.append([values[channels * x : channels * (x + 1)] for x in range(width)])
    return rows


def read_npy(path):
    data = path.read_bytes()
    length = struct.unpack("<H", data[8:10])[0]
    header = data[10 : 10 + length].decode()
    assert "'<f4'" in header and "False" in header
    count = int(header.split("(")[1].split(",")[0])
    values = struct.unpack(f"<{5 * count}f", data[10 + length :])
    return [values[5 * i : 5 * i + 5] for i in range(count)]


def read_ply(path):
    data = path.read_bytes()
    end = data.index(b"end_header\n") + 11
    words = data[:end].decode().split()
    vertices, faces = (int(words[words.index(name) + 1]) for name in ("vertex", "face"))
    points = [struct.unpack_from("<5f", data, end + 20 * i) for i in range(vertices)]
    start = end + 20 * vertices
    assert len(data) == start + 14 * faces
    triangles = [struct.unpack_from("<B3iB", data, start + 14 * i) for i in range(faces)]
    assert all(t[0] == 3 and max(t[1:4]) < vertices for t in triangles)
    return points, triangles


def project(camera, point):
    axes = [sum(row[k] * point[k] for k in range(3)) + row[3] for row in camera["extrinsic"]]
    return camera["fx"] * axes[0] / axes[2] + camera["cx"], camera["fy"] * axes[1] / axes[2] + camera["cy"], axes[2]


class Image:
    """What a line of the manifest names."""

    def __init__(self, folder, line):
        self.line, self.camera = line, line["camera"]
        files = {kind: folder / path for kind, path in line["labels"].items()}
        self.planes = {kind: read_png(path) for kind, path in files.items() if path.suffix == ".png"}
        self.points, self.triangles = read_ply(files["mesh"])
        self.landmarks = read_npy(files["landmarks"])
        self.gaze = json.loads(files["gaze"].read_text())

    def at(self, kind, x, y):
        return self.planes[kind][int(y)][int(x)]


def landmarks_are_vertices(image, camera):
    """Landmarks are the mesh's vertices through the camera."""
    for x, y, depth, _, vertex in image.landmarks:
        px, py, pz = project(camera, image.points[int(vertex)][:3])
        yield abs(px - x) < 1e-3 and abs(py - y) < 1e-3 and abs(pz - depth) < 1e-3 * depth


def landmarks_are_seen(image, tolerance=1.0):
    """Visible as docs/labels.md defines it, by the depth label; those within its rounding are passed over."""
    for x, y, depth, visible, _ in image.landmarks:
        inside = 0 <= x < SIZE and 0 <= y < SIZE
        left, top = math.floor(x - 0.5), math.floor(y - 0.5)
        around = [(left + k % 2, top + k // 2) for k in range(4)]
        codes = [image.at("depth", *place)[0] for place in around if inside and 0 <= place[0] < SIZE and 0 <= place[1] < SIZE]
        farthest = max((code / 10 if code else math.inf) for code in codes) if codes else 0
        if inside and abs(depth - farthest - tolerance) < 0.06:
            continue
        yield (inside and depth <= farthest + tolerance) == bool(visible)


def gaze_is_projected(image, camera):
    for eye in image.gaze.values():
        pairs = [(eye[name + "3d"], eye[name + "2d"]) for name in ("centre", "pupil")] + list(zip(eye["iris3d"], eye["iris2d"]))
        for world, pixel in pairs:
            x, y, _ = project(camera, world)
            yield abs(x - pixel[0]) < 2e-3 and abs(y - pixel[1]) < 2e-3


def gaze_is_seen(image, shift=0):
    for eye in image.gaze.values():
        for (x, y), visible in zip(eye["iris2d"] + [eye["pupil2d"]], eye["iris_visible"] + [eye["pupil_visible"]]):
            inside = 0 <= x < SIZE and 0 <= y < SIZE
            yield (inside and image.at("segmentation", x, max(0, y - shift))[0] in EYE) == bool(visible)


def eyes_are_eyes(image):
    """Lines of sight are the manifest's; the axis goes through the pupil; the rim lies around it, as far out as an iris is wide."""
    for side, eye in image.gaze.items():
        yield max(abs(a - b) for a, b in zip(eye["gaze"], image.line["gaze"][side])) < 1e-6
        way = [a - b for a, b in zip(eye["pupil3d"], eye["centre3d"])]
        length = math.hypot(*way)
        yield 5 < length < 25 and max(abs(a / length - b) for a, b in zip(way, eye["axis"])) < 1e-3
        yield len(eye["iris3d"]) >= 3
        if len(eye["iris3d"]) >= 8:  # no flat stand-in
            yield sum(a * b for a, b in zip(eye["gaze"], eye["axis"])) > math.cos(math.radians(12))
            yield all(2 < math.dist(point, eye["pupil3d"]) < 12 for point in eye["iris3d"])


def texture_is_of_the_skin(image, skin=SKIN):
    for y in range(SIZE):
        for x in range(SIZE):
            yield (image.at("uv", x, y)[0] > 0) == (image.at("segmentation", x, y)[0] in skin)


def texture_is_the_mesh_s(image, shift=0.0):
    """Where a vertex is seen the uv label has its texture coordinates, as far as they change within two pixels."""
    for x, y, _, visible, vertex in image.landmarks:
        if not visible or not (2 <= x < SIZE - 2 and 2 <= y < SIZE - 2):
            continue
        near = [image.at("uv", x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
        if any(code[0] == 0 for code in near):
            continue
        for axis in range(2):
            values = [(code[axis] - 1) / 65534 for code in near]
            spread = max(values) - min(values)
            yield min(values) - spread <= image.points[int(vertex)][3 + axis] + shift <= max(values) + spread


def hair_is_matted(image, classes=HAIR):
    for y in range(SIZE):
        for x in range(SIZE):
            matte, seen = image.at("matte", x, y)[0], image.at("segmentation", x, y)[0]
            yield (matte < 255 or seen in classes) and (seen not in classes or matte > 60) and (matte == 0 or seen != 0 or matte < 200)


def albedo_is_of_surfaces(image, ground=0):
    """Nothing on the background, something on skin."""
    for y in range(SIZE):
        for x in range(SIZE):
            seen, albedo = image.at("segmentation", x, y)[0], image.at("albedo", x, y)
            yield (seen != ground or max(albedo) == 0) and (seen not in SKIN or max(albedo) > 300)


def main():
    failures = tried = 0

    def check(sentence, results, expected=True, allowed=0.0):
        nonlocal failures, tried
        results = list(results)
        tried += len(results)
        is_good = len(results) > 0 and results.count(False) <= allowed * len(results)
        if is_good != expected:
            failures += 1
            print(f"FAILED: {sentence}: {results.count(False)} of {len(results)} wrong")

    diffuse, model = os.environ["DIFFUSE"], os.environ["MODEL"]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        run = [diffuse, "sample", "--model", model, "--count", "4", "--seed", "3", "--out", folder / "ids.jsonl", "--quiet"]
        subprocess.run(run, check=True, stdout=subprocess.DEVNULL)
        for band in ("rgb", "940"):
            run = [diffuse, "render", "--model", model, "--identities", folder / "ids.jsonl", "--per-identity", "1", "--size", str(SIZE)]
            run += ["--seed", "5", "--band", band, "--glasses", "0.3", "--sunglasses", "0.2", "--hat", "0.2", "--out", folder / band, "--quiet"]
            run += ["--labels", "segmentation,depth,gaze,albedo,uv,mesh,matte,landmarks"]
            subprocess.run(run, check=True, stdout=subprocess.DEVNULL)
            for text in (folder / band / "manifest.jsonl").read_text().splitlines():
                image = Image(folder / band, json.loads(text))
                beside = dict(image.camera, cx=image.camera["cx"] + 0.01)
                check("landmarks are vertices", landmarks_are_vertices(image, image.camera))
                check("a camera that is off by a hundredth of a pixel is found", landmarks_are_vertices(image, beside), False)
                check("landmarks are seen by depth", landmarks_are_seen(image))
                check("another tolerance is found", landmarks_are_seen(image, -60.0), False)
                check("gaze is projected", gaze_is_projected(image, image.camera))
                check("that with another camera too", gaze_is_projected(image, beside), False)
                check("eyes are seen by their class", gaze_is_seen(image))
                check("eyes are eyes", eyes_are_eyes(image))
                check("texture is of the skin", texture_is_of_the_skin(image))
                check("other classes are found", texture_is_of_the_skin(image, SKIN - {1}), False)
                # Vertices on a seam of the texture have two places in it.
                check("texture is the mesh's", texture_is_the_mesh_s(image), allowed=0.01)
                check("a shifted texture is found", texture_is_the_mesh_s(image, 0.5), False)
                check("hair is matted", hair_is_matted(image))
                # A pixel that stands for several triangles may be shaded beside its own, where the albedo's plane reaches 0.
                check("albedo is of surfaces", albedo_is_of_surfaces(image), allowed=0.001)
                check("another ground is found", albedo_is_of_surfaces(image, 1), False)
    print(f"{tried} comparisons, {failures} failures")
    return failures > 0


if __name__ == "__main__":
    sys.exit(main())
