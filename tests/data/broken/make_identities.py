#!/usr/bin/env python3
"""Makes identities/KIND-OF-DAMAGE.jsonl, each broken in one way that its name says, and which the reader has to refuse for the
model of tests/face_fixture.h. Python's standard library only."""

import json
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "identities"
GOOD = {"id": "000000", "gender": "female", "gender_value": 0.0697, "ethnicity": "African", "mixture": {"African": 0.8817, "Asian": 0.1183},
        "age": 68.23, "weight": 0.6897, "muscle": 0.1031, "hair": "short02", "beard": "none", "moustache": "none", "brows": "eyebrow002",
        "lashes": "eyelashes01", "iris": "brown", "hair_melanin": 0.8832, "hair_grey": 0.4554, "nir_tone": 0.7516,
        "shape": [-0.71814, -0.09855, -0.03254], "albedo": [-0.66839, -0.25752]}
MISSING = object()

CHANGED = {
    "id-missing": {"id": MISSING}, "id-number": {"id": 7}, "id-empty": {"id": ""}, "id-hidden": {"id": ".hidden"}, "id-slash": {"id": "a/b"},
    "id-dots": {"id": ".."}, "id-long": {"id": "a" * 64}, "id-umlaut": {"id": "J\u00fcrgen"},
    "gender-missing": {"gender": MISSING}, "gender-unknown": {"gender": "x"}, "gender-number": {"gender": 1},
    "gender-value-contradicts": {"gender_value": 0.7}, "gender-value-range": {"gender_value": -0.1}, "gender-value-string": {"gender_value": "0.1"},
    "ethnicity-unknown": {"ethnicity": "Martian"}, "ethnicity-number": {"ethnicity": 3}, "ethnicity-not-largest": {"ethnicity": "Asian"},
    "mixture-missing": {"ethnicity": "mixture", "mixture": MISSING}, "mixture-sum": {"mixture": {"African": 0.5, "Asian": 0.1}},
    "mixture-unknown-group": {"mixture": {"African": 0.5, "Martian": 0.5}}, "mixture-negative": {"mixture": {"African": 1.2, "Asian": -0.2}},
    "mixture-array": {"mixture": [0.9, 0.1]}, "mixture-strings": {"mixture": {"African": "much", "Asian": 0}},
    "age-missing": {"age": MISSING}, "age-string": {"age": "20"}, "age-negative": {"age": -1}, "age-high": {"age": 1000},
    "weight-high": {"weight": 1.5}, "muscle-null": {"muscle": None},
    "hair-unknown": {"hair": "mullet"}, "hair-of-another-kind": {"hair": "glasses"}, "hair-number": {"hair": 1}, "iris-unknown": {"iris": "violet"},
    "melanin-high": {"hair_melanin": 2}, "grey-low": {"hair_grey": -1}, "tone-high": {"nir_tone": 1e9}, "beard-null": {"beard": None},
    "shape-missing": {"shape": MISSING}, "shape-too-long": {"shape": [0, 0, 0, 0]}, "shape-string": {"shape": "0,0"},
    "shape-string-inside": {"shape": [0, "0"]}, "shape-nested": {"shape": [[0, 0, 0]]}, "shape-huge": {"shape": [1000]},
    "albedo-missing": {"albedo": MISSING}, "albedo-null-inside": {"albedo": [None]}, "albedo-too-long": {"albedo": [0] * 1000},
}


def line(person):
    return json.dumps({key: value for key, value in person.items() if value is not MISSING}, separators=(",", ":"))


def texts():
    """Damage of whole files."""
    good = line(GOOD) + "\n"
    return {
        "empty": "",
        "zero-bytes": "\0" * 100,
        "cut-in-second-line": good + good[:20],
        "bracket-for-brace": good.replace("{", "[", 1),
        "array-for-object": "[1,2]\n",
        "blank-line": good + "\n",
        "two-objects-in-a-line": line(GOOD) + line({**GOOD, "id": "x"}) + "\n",
        "id-twice": good + good,
        "key-twice": good.replace('"age":', '"age":20,"age":'),
        "nul-escape-in-string": good.replace("000000", "0\\u00000"),
        "bad-utf8": good.encode().replace(b"short02", b"short\xff\xfe"),
        "nested-deep": "[" * 5000 + "]" * 5000 + "\n",
        "nan": good.replace("68.23", "NaN"),
        "huge-number": good.replace("-0.71814", "1e400"),
        "float-overflow": good.replace("-0.71814", "1e300"),
    }


FOLDER.mkdir(exist_ok=True)
for name, change in CHANGED.items():
    (FOLDER / f"{name}.jsonl").write_text(line({**GOOD, **change}) + "\n")
for name, text in texts().items():
    (FOLDER / f"{name}.jsonl").write_bytes(text if isinstance(text, bytes) else text.encode())
