#!/usr/bin/env python3
"""Makes model/*.safetensors and makehuman/*.json beside it: face models and MakeHuman meshes, each broken in one way that its name
says, which the readers have to refuse; and the good files in tests/fuzz/corpus that the damage starts from. Standard library only."""

import copy
import json
import struct
from pathlib import Path

HERE = Path(__file__).resolve().parent
CORPUS = HERE.parents[1] / "fuzz" / "corpus"
FORMATS = {"F32": "f", "I32": "i", "U8": "B", "F16": "e"}


def put(folder, name, data):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


# ---- models: one triangle, one component of each kind, one expression, one part ----


def good_model():
    """(metadata, tensors name -> (type, shape, values))."""
    metadata = {
        "format": "diffuse-face-model", "version": "1", "name": "triangle", "expressions": '["open"]', "groups": "[]",
        "textures": '["cloth"]', "parts": '[{"name":"cap","kind":"hat","texture":0}]',
    }
    tensors = {
        "cage.mean": ("F32", [3, 3], [0, 0, 0, 10, 0, 0, 0, 10, 0]),
        "cage.skin_count": ("I32", [1], [3]),
        "cage.shape": ("F32", [1, 3, 3], [1] * 9),
        "cage.expression": ("F32", [1, 3, 3], [2] * 9),
        "albedo.mean": ("F32", [3, 3], [0.5] * 9),
        "albedo.components": ("F32", [1, 3, 3], [0.1] * 9),
        "skin.triangles": ("I32", [1, 3], [0, 1, 2]),
        "skin.regions": ("U8", [1], [1]),
        "skin.uv": ("F32", [3, 2], [0, 0, 1, 0, 0, 1]),
        "skin.occlusion": ("F32", [3], [1, 0.5, 0]),
        "skin.landmarks": ("I32", [68], [i % 3 for i in range(68)]),
        "skin.subdivision.start": ("I32", [4], [0, 1, 2, 4]),
        "skin.subdivision.column": ("I32", [4], [0, 1, 1, 2]),
        "skin.subdivision.weight": ("F32", [4], [1, 1, 0.5, 0.5]),
        "eyes.refs": ("I32", [2, 1], [0, 1]),
        "part.0.refs": ("I32", [3, 3], [0, 1, 2] * 3),
        "part.0.weights": ("F32", [3, 3], [1, 0, 0, 0, 1, 0, 0, 0, 1]),
        "part.0.offsets": ("F32", [3, 3], [0, 0, 1] * 3),
        "part.0.uv": ("F32", [3, 2], [0, 0, 1, 0, 0, 1]),
        "part.0.triangles": ("I32", [1, 3], [0, 1, 2]),
        "part.0.regions": ("U8", [1], [21]),
        "part.0.scale_refs": ("I32", [3, 2], [0, 1] * 3),
        "part.0.scale_lengths": ("F32", [3], [10, 0, 0]),
        "texture.0": ("U8", [2, 1, 2], [10, 255, 20, 0]),
    }
    return metadata, tensors


def safetensors(metadata, tensors):
    header, data = {"__metadata__": metadata}, b""
    for name, (kind, shape, values) in tensors.items():
        packed = struct.pack(f"<{len(values)}{FORMATS[kind]}", *values)
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [len(data), len(data) + len(packed)]}
        data += packed
        while len(data) % 4:  # a tensor of bytes fills the gap, so that the next is aligned
            pad = 4 - len(data) % 4
            header[f"pad.{name}"] = {"dtype": "U8", "shape": [pad], "data_offsets": [len(data), len(data) + pad]}
            data += bytes(pad)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-(8 + len(text)) % 8)
    return struct.pack("<Q", len(text)) + text + data


NAN, INFINITY = float("nan"), float("inf")
# damage name -> (metadata changes, tensor changes); None removes, a dict patches single values
DAMAGES = {
    "other-format": ({"format": "onnx"}, {}),
    "no-format": ({"format": None}, {}),
    "later-version": ({"version": "2"}, {}),
    "no-name": ({"name": None}, {}),
    "name-with-slash": ({"name": "a/b"}, {}),
    "name-too-long": ({"name": "x" * 48}, {}),
    "no-mean": ({}, {"cage.mean": None}),
    "mean-of-halves": ({}, {"cage.mean": ("F16", [3, 3], [0] * 9)}),
    "mean-of-pairs": ({}, {"cage.mean": ("F32", [3, 2], [0] * 6)}),
    "mean-not-a-number": ({}, {"cage.mean": {4: NAN}}),
    "mean-infinite": ({}, {"cage.mean": {0: INFINITY}}),
    "skin-beyond-cage": ({}, {"cage.skin_count": {0: 4}}),
    "skin-of-none": ({}, {"cage.skin_count": {0: 0}}),
    "shape-of-other-size": ({}, {"cage.shape": ("F32", [1, 2, 3], [1] * 6)}),
    "components-too-many": ({}, {"cage.shape": ("F32", [257, 3, 3], [0] * 257 * 9)}),
    "expressions-unnamed": ({"expressions": "[]"}, {}),
    "expressions-missing": ({"expressions": None}, {}),
    "expressions-no-array": ({"expressions": "{}"}, {}),
    "expressions-no-json": ({"expressions": "[open"}, {}),
    "expression-name-a-number": ({"expressions": "[1]"}, {}),
    "albedo-of-other-size": ({}, {"albedo.components": ("F32", [1, 2, 3], [0] * 6)}),
    "triangle-beyond-skin": ({}, {"skin.triangles": {2: 3}}),
    "triangle-negative": ({}, {"skin.triangles": {0: -1}}),
    "region-unknown": ({}, {"skin.regions": {0: 200}}),
    "region-background": ({}, {"skin.regions": {0: 0}}),
    "uv-of-other-size": ({}, {"skin.uv": ("F32", [2, 2], [0] * 4)}),
    "occlusion-above-one": ({}, {"skin.occlusion": {0: 1.5}}),
    "landmark-beyond-skin": ({}, {"skin.landmarks": {67: 3}}),
    "landmarks-67": ({}, {"skin.landmarks": ("I32", [67], [0] * 67)}),
    "subdivision-starts-late": ({}, {"skin.subdivision.start": {0: 1}}),
    "subdivision-ends-early": ({}, {"skin.subdivision.start": {3: 3}}),
    "subdivision-decreases": ({}, {"skin.subdivision.start": {1: 3, 2: 1}}),
    "subdivision-beyond-cage": ({}, {"skin.subdivision.column": {0: 3}}),
    "subdivision-row-not-one": ({}, {"skin.subdivision.weight": {3: 0.75}}),
    "subdivision-row-empty": ({}, {"skin.subdivision.start": {1: 0}}),
    "subdivision-missing": ({}, {"skin.subdivision.start": None, "cage.skin_count": {0: 2}}),
    "eyes-none": ({}, {"eyes.refs": ("I32", [2, 0], [])}),
    "eyes-nine": ({}, {"eyes.refs": ("I32", [2, 9], [0] * 18)}),
    "eyes-beyond-cage": ({}, {"eyes.refs": {1: 3}}),
    "groups-too-many": ({"groups": json.dumps([f"g{i}" for i in range(9)])}, {}),
    "groups-doubled": ({"groups": '["a","a"]'}, {}),
    "law-of-other-size": ({"groups": '["a"]'}, {"law.shape": ("F32", [3, 1], [0] * 3)}),
    "parts-missing": ({"parts": None}, {}),
    "part-of-no-kind": ({"parts": '[{"name":"cap","kind":"wig","texture":0}]'}, {}),
    "part-unnamed": ({"parts": '[{"kind":"hat","texture":0}]'}, {}),
    "part-of-no-texture": ({"parts": '[{"name":"cap","kind":"hat","texture":1}]'}, {}),
    "part-doubled": (
        {"parts": '[{"name":"cap","kind":"hat","texture":0},{"name":"cap","kind":"hat","texture":0}]'},
        {name.replace(".0.", ".1."): tensor for name, tensor in good_model()[1].items() if name.startswith("part.0.")},
    ),
    "part-a-number": ({"parts": "[7]"}, {}),
    "part-refs-missing": ({}, {"part.0.refs": None}),
    "part-refs-beyond-cage": ({}, {"part.0.refs": {8: 3}}),
    "part-triangle-beyond": ({}, {"part.0.triangles": {1: 3}}),
    "part-region-unknown": ({}, {"part.0.regions": {0: 99}}),
    "part-weight-not-a-number": ({}, {"part.0.weights": {0: NAN}}),
    "part-scale-beyond-cage": ({}, {"part.0.scale_refs": {0: 3}}),
    "textures-missing": ({"textures": None}, {}),
    "texture-missing": ({}, {"texture.0": None}),
    "texture-of-one-channel": ({}, {"texture.0": ("U8", [2, 2, 1], [0] * 4)}),
    "texture-of-no-rows": ({}, {"texture.0": ("U8", [0, 1, 2], [])}),
    "texture-flat": ({}, {"texture.0": ("U8", [2, 2], [0] * 4)}),
}


def damage_model(changes):
    metadata, tensors = good_model()
    for key, value in changes[0].items():
        metadata[key] = value
    for name, value in changes[1].items():
        if isinstance(value, dict):
            kind, shape, values = tensors[name]
            values = list(values)
            for index, number in value.items():
                values[index] = number
            value = (kind, shape, values)
        tensors[name] = value
    kept = {k: v for k, v in metadata.items() if v is not None}
    return safetensors(kept, {k: v for k, v in tensors.items() if v is not None})


def make_model():
    good = safetensors(*good_model())
    put(CORPUS / "model", "triangle.safetensors", good)
    for name, changes in DAMAGES.items():
        put(HERE / "model", name + ".safetensors", damage_model(changes))
    put(HERE / "model", "cut.safetensors", good[:-1])
    put(HERE / "model", "empty.safetensors", b"")


# ---- MakeHuman: a proxy of one quad ----


def good_proxy():
    return {
        "vertices": [0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0],
        "uvs": [[0, 0, 1, 0, 1, 1, 0, 1]],
        "faces": [11, 0, 1, 2, 3, 0, 0, 1, 2, 3],
        "ref_vIdxs": [[0, 1, 2], [1, 1, 1], [2, 2, 2], [3, 3, 3]],
        "weights": [[0.5, 0.25, 0.25], [1, 0, 0], [1, 0, 0], [1, 0, 0]],
        "offsets": [[0, 0, 0.1]] * 4,
        "metadata": {"license": {"author": "somebody", "license": "CC0"}},
    }


PROXY_DAMAGES = {
    "no-vertices": {"vertices": None},
    "vertices-no-array": {"vertices": 7},
    "vertices-not-in-threes": {"vertices": [0, 0, 0, 1]},
    "vertices-none": {"vertices": []},
    "vertex-a-word": {"vertices": [0, 0, "x", 1, 0, 0, 1, 1, 0, 0, 1, 0]},
    "vertex-huge": {"vertices": [0, 0, 1e300, 1, 0, 0, 1, 1, 0, 0, 1, 0]},
    "no-uvs": {"uvs": []},
    "uvs-odd": {"uvs": [[0, 0, 1]]},
    "uvs-flat": {"uvs": [0, 0, 1, 0]},
    "no-faces": {"faces": []},
    "faces-cut": {"faces": [11, 0, 1, 2, 3, 0, 0, 1, 2]},
    "face-of-other-type": {"faces": [10, 0, 1, 2, 3, 0, 0, 1, 2, 3]},
    "face-beyond-vertices": {"faces": [11, 0, 1, 2, 4, 0, 0, 1, 2, 3]},
    "face-beyond-uvs": {"faces": [11, 0, 1, 2, 3, 0, 0, 1, 2, 4]},
    "face-negative": {"faces": [11, 0, 1, 2, -1, 0, 0, 1, 2, 3]},
    "face-a-fraction": {"faces": [11, 0, 1, 2, 2.5, 0, 0, 1, 2, 3]},
    "refs-missing": {"ref_vIdxs": None},
    "refs-too-few": {"ref_vIdxs": [[0, 1, 2]]},
    "refs-in-pairs": {"ref_vIdxs": [[0, 1]] * 4},
    "ref-beyond-base": {"ref_vIdxs": [[0, 1, 99999]] * 4},
    "weights-missing": {"weights": None},
    "weight-a-word": {"weights": [["a", 0, 0]] * 4},
    "offsets-too-many": {"offsets": [[0, 0, 0]] * 5},
}


def make_makehuman():
    put(CORPUS / "makehuman", "quad.json", json.dumps(good_proxy()).encode())
    for name, changes in PROXY_DAMAGES.items():
        damaged = copy.deepcopy(good_proxy())
        for key, value in changes.items():
            damaged[key] = value
            if value is None:
                del damaged[key]
        put(HERE / "makehuman", name + ".json", json.dumps(damaged).encode())
    put(HERE / "makehuman", "no-json.json", b"{")
    put(HERE / "makehuman", "a-number.json", b"7")


make_model()
make_makehuman()
