#!/usr/bin/env python3
"""Other makers' models from outside: a miniature of each format is imported, described, sampled, drawn in colour and in near infrared,
verified, converted and exported; the glTF is read by a reader of this file's own. $DIFFUSE is the program, $BUILD/miniatures holds the
files that write_miniatures made."""

import json
import os
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from pathlib import Path

PROGRAM, FILES = os.environ["DIFFUSE"], Path(os.environ["BUILD"], "miniatures")
VERTICES, TRIANGLES = 225, 392

FORMATS = (  # name, file, further options, what `model info` must say
    ("bfm2009", "01_MorphableModel.mat", ("--attributes", FILES / "04_attributes.mat"),
     {"shape_components": 6, "albedo_components": 4, "expressions": 0, "landmarks": False, "attribute_directions": True}),
    ("deep3d", "BFM_model_front.mat", (), {"shape_components": 6, "expressions": 3, "landmarks": True, "attribute_directions": False}),
    ("bfm", "bfm.h5", (), {"expressions": 3, "landmarks": False, "named_landmarks": 5}),
    ("statismo", "statismo.h5", (), {"expressions": 0, "named_landmarks": 5}),
    ("scans", "scans", (), {"shape_components": 3, "albedo_components": 1, "landmarks": False}),
    ("ict", "FaceXModel", (), {"albedo_components": 0, "expression_names": ["jawOpen", "mouthSmile_L"]}),
)


def run(folder, *words, status=0):
    result = subprocess.run([PROGRAM, *map(str, words)], cwd=folder, capture_output=True, text=True)
    assert result.returncode == status, f"{' '.join(map(str, words))}: {result.returncode}, {result.stderr!r}"
    return result


def png_values(path):
    """The bytes of a PNG's rows, unfiltered only as far as to tell whether it shows anything."""
    data, at, packed = path.read_bytes(), 8, b""
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        packed += data[at + 8:at + 8 + size] if kind == b"IDAT" else b""
        at += 12 + size
    return zlib.decompress(packed)


COMPONENTS = {5126: ("f", 4), 5125: ("I", 4)}
SIZES = {"SCALAR": 1, "VEC2": 2, "VEC3": 3}


def glb_chunks(data):
    magic, version, total = struct.unpack_from("<4sII", data)
    assert magic == b"glTF" and version == 2 and total == len(data), "header"
    at, chunks = 12, []
    while at < total:
        size, kind = struct.unpack_from("<I4s", data, at)
        assert size % 4 == 0 and at + 8 + size <= total, "chunk"
        chunks.append((kind, data[at + 8:at + 8 + size]))
        at += 8 + size
    assert [kind for kind, _ in chunks] == [b"JSON", b"BIN\0"], "kinds of chunks"
    return json.loads(chunks[0][1]), chunks[1][1]


def accessor_values(gltf, binary, index):
    """The numbers of an accessor; every place that the standard bounds is checked."""
    accessor = gltf["accessors"][index]
    view = gltf["bufferViews"][accessor["bufferView"]]
    letter, size = COMPONENTS[accessor["componentType"]]
    width = SIZES[accessor["type"]]
    count = accessor["count"] * width
    assert view["buffer"] == 0 and view["byteOffset"] % 4 == 0 and view["byteOffset"] + view["byteLength"] <= gltf["buffers"][0]["byteLength"]
    assert count * size == view["byteLength"], "accessor and view"
    values = struct.unpack_from(f"<{count}{letter}", binary, view["byteOffset"])
    for axis, (low, high) in enumerate(zip(accessor.get("min", ()), accessor.get("max", ()))):
        part = values[axis::width]
        assert abs(min(part) - low) <= 1e-6 * abs(low) and abs(max(part) - high) <= 1e-6 * abs(high), "bounds"
    return values


def check_glb(path, expressions):
    gltf, binary = glb_chunks(path.read_bytes())
    assert gltf["asset"]["version"] == "2.0" and gltf["buffers"][0]["byteLength"] == len(binary)
    nodes = gltf["nodes"]
    assert nodes[gltf["scenes"][gltf["scene"]]["nodes"][0]]["scale"] == [0.001] * 3, "metres"
    for mesh in gltf["meshes"]:
        primitive = mesh["primitives"][0]
        positions = gltf["accessors"][primitive["attributes"]["POSITION"]]
        assert "min" in positions and "max" in positions
        indices = accessor_values(gltf, binary, primitive["indices"])
        assert len(indices) % 3 == 0 and max(indices) < positions["count"], "indices"
        for attribute in primitive["attributes"].values():
            assert gltf["accessors"][attribute]["count"] == positions["count"]
            accessor_values(gltf, binary, attribute)
        normals = accessor_values(gltf, binary, primitive["attributes"]["NORMAL"])
        for k in range(0, len(normals), 3):
            assert abs(sum(x * x for x in normals[k:k + 3]) - 1) < 1e-4, "unit normals"
        targets = primitive.get("targets", [])
        assert len(targets) == expressions == len(mesh.get("weights", [])) == len(mesh.get("extras", {}).get("targetNames", []))
        for target in targets:
            accessor_values(gltf, binary, target["POSITION"])
        assert primitive["material"] < len(gltf["materials"])
    return gltf, binary


def check_exports(folder, model, info):
    for form in ("obj", "ply", "glb"):
        run(folder, "model", "export", model, "--format", form, "--out", f"face.{form}", "--random", "--seed", "3")
    gltf, _ = check_glb(folder / "face.glb", info["expressions"])
    assert "COLOR_0" in gltf["meshes"][0]["primitives"][0]["attributes"]
    lines = (folder / "face.obj").read_text().splitlines()
    assert sum(line.startswith("v ") for line in lines) == info["vertices"] and sum(line.startswith("f ") for line in lines) == info["triangles"]
    assert (folder / "face.mtl").exists()
    assert b"element vertex %d\n" % info["vertices"] in (folder / "face.ply").read_bytes()


def check_format(folder, name, file, options, expected):
    model = f"{name}.safetensors"
    run(folder, "model", "import", FILES / file, "--out", model, *options)
    info = json.loads(run(folder, "model", "info", model, "--json").stdout)
    assert info["vertices"] == VERTICES and info["triangles"] == TRIANGLES, info
    assert {key: info[key] for key in expected} == expected, info
    run(folder, "model", "convert", model, "--out", "m.npz")
    run(folder, "model", "convert", "m.npz", "--out", "again.safetensors")
    assert (folder / model).read_bytes() == (folder / "again.safetensors").read_bytes(), "there and back"
    run(folder, "sample", "--model", model, "--gaussian", "--count", 3, "--out", "people.jsonl")
    for line in (folder / "people.jsonl").read_text().splitlines():
        assert json.loads(line)["ethnicity"] is None
    for band in ("rgb", "940"):
        images = f"{name}-{band}"
        run(folder, "render", "--model", model, "--identities", "people.jsonl", "--out", images, "--per-identity", 2, "--size", 48, "--band", band)
        run(folder, "dataset", "verify", images)
        entries = [json.loads(line) for line in (folder / images / "manifest.jsonl").read_text().splitlines()]
        assert len(entries) == 6 and all((e["landmarks2d"] is not None) == info["landmarks"] for e in entries)
        for entry in entries:
            assert len(set(png_values(folder / images / entry["image"]))) > 8, "an image of nothing"
            assert entry["box"][2] > 5 and entry["box"][3] > 5, "a face beside the image"
    check_exports(folder, model, info)


def check_expressions(folder):
    """Weights become the glTF's; in a PLY they move vertices. The glTF's first target is the expression's column."""
    run(folder, "model", "export", "ict.safetensors", "--format", "glb", "--out", "w.glb", "--expression", "jawOpen=0.5")
    gltf, binary = check_glb(folder / "w.glb", 2)
    assert gltf["meshes"][0]["weights"] == [0.5, 0] and gltf["meshes"][0]["extras"]["targetNames"] == ["jawOpen", "mouthSmile_L"]
    target = accessor_values(gltf, binary, gltf["meshes"][0]["primitives"][0]["targets"][0]["POSITION"])
    assert min(target) < -0.9 and max(target) < 0.1, "the jaw goes down"
    run(folder, "model", "export", "ict.safetensors", "--format", "ply", "--out", "w.ply", "--expression", "jawOpen=0.5")
    run(folder, "model", "export", "ict.safetensors", "--format", "ply", "--out", "mean.ply")
    assert (folder / "w.ply").read_bytes() != (folder / "mean.ply").read_bytes()
    people = (folder / "people.jsonl").read_text().splitlines()
    run(folder, "model", "export", "ict.safetensors", "--format", "ply", "--out", "p.ply", "--identities", "people.jsonl", "--id",
        json.loads(people[1])["id"])
    for words, status in (
        (("--expression", "laugh=1"), 1), (("--expression", "jawOpen"), 2), (("--identities", "people.jsonl"), 2),
        (("--identities", "people.jsonl", "--id", "nobody"), 1),
    ):
        run(folder, "model", "export", "ict.safetensors", "--format", "ply", "--out", "no.ply", *words, status=status)
        assert not (folder / "no.ply").exists()


def write_npz(path, arrays):
    """Float32 arrays, each a list of equally long rows or of numbers."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, rows in arrays.items():
            is_matrix = isinstance(rows[0], list)
            shape = (len(rows), len(rows[0])) if is_matrix else (len(rows),)
            header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}".encode()
            header += b" " * (-(len(header) + 11) % 64) + b"\n"
            numbers = [x for row in rows for x in row] if is_matrix else rows
            archive.writestr(f"{name}.npy", b"\x93NUMPY\x01\0" + struct.pack("<H", len(header)) + header + struct.pack(f"<{len(numbers)}f", *numbers))


def read_floats(path, name):
    with zipfile.ZipFile(path) as archive:
        data = archive.read(f"{name}.npy")
    start = 10 + struct.unpack_from("<H", data, 8)[0]
    return struct.unpack(f"<{(len(data) - start) // 4}f", data[start:])


def check_eval(folder):
    """An amount adds amount x direction to both kinds of coefficients; a model without directions takes none."""
    direction = [0.1 + 0.05 * k for k in range(6)]
    write_npz(folder / "amount.npz", {"gender": [2.0]})
    write_npz(folder / "coefficients.npz", {"shape": [[2 * x for x in direction]], "albedo": [[-2 * x for x in direction[:4]]]})
    for name in ("amount", "coefficients"):
        run(folder, "model", "eval", "bfm2009.safetensors", "--coefficients", f"{name}.npz", "--out", f"{name}-out.npz")
    for array in ("vertices", "albedo"):
        first, second = (read_floats(folder / f"{name}-out.npz", array) for name in ("amount", "coefficients"))
        assert len(first) == 3 * VERTICES and all(abs(a - b) <= 1e-5 * max(1, abs(b)) for a, b in zip(first, second)), array
    result = run(folder, "model", "eval", "deep3d.safetensors", "--coefficients", "amount.npz", "--out", "no.npz", status=1)
    assert "no direction of gender" in result.stderr and not (folder / "no.npz").exists()
    run(folder, "model", "eval", "bfm.safetensors", "--coefficients", "coefficients.npz", "--out", "o.npz")
    assert len(read_floats(folder / "o.npz", "named_landmarks")) == 5 * 3


def check_components(folder):
    """The first components only are drawn, on demand."""
    run(folder, "sample", "--model", "deep3d.safetensors", "--gaussian", "--count", 2, "--components", 2, "--out", "two.jsonl")
    for line in (folder / "two.jsonl").read_text().splitlines():
        assert len(json.loads(line)["shape"]) == 2 == len(json.loads(line)["albedo"])


def check_checkers(folder):
    """A glTF with a planted fault does not pass."""
    data = bytearray((folder / "face.glb").read_bytes())
    data[-4:] = b"\xff\xff\xff\x7f"  # a NaN in the last piece
    (folder / "broken.glb").write_bytes(data[:-4])
    try:
        check_glb(folder / "broken.glb", 2)
    except AssertionError:
        return
    raise AssertionError("a cut glTF passed")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for row in FORMATS:
            check_format(folder, *row)
        check_expressions(folder)
        check_eval(folder)
        check_components(folder)
        check_checkers(folder)


if __name__ == "__main__":
    sys.exit(main())
