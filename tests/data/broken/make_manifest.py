#!/usr/bin/env python3
"""Makes manifest/KIND-OF-DAMAGE.jsonl: the good line in tests/fuzz/corpus/manifest/labels.jsonl, broken in one way each. Every file
has to be refused. Python's standard library only."""

import copy
import json
from pathlib import Path

HERE = Path(__file__).resolve().parent
GOOD = json.loads((HERE.parents[1] / "fuzz" / "corpus" / "manifest" / "labels.jsonl").read_text())


def put(name, text):
    (HERE / "manifest").mkdir(exist_ok=True)
    (HERE / "manifest" / (name + ".jsonl")).write_text(text)


def changed(name, *path, value):
    entry = copy.deepcopy(GOOD)
    place = entry
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    put(name, json.dumps(entry, separators=(",", ":")) + "\n")


def missing(key):
    put("no-" + key.replace("_", "-"), json.dumps({k: v for k, v in GOOD.items() if k != key}, separators=(",", ":")) + "\n")


for key in ("image", "identity", "index", "yaw", "landmarks2d", "landmarks3d", "visible", "box", "gaze", "camera", "gender", "age", "hair", "size", "band", "sensor", "sha256", "label_sha256"):
    missing(key)
line = json.dumps(GOOD, separators=(",", ":"))
put("cut-line", line[: len(line) // 2] + "\n")
put("two-objects", line + line + "\n")
put("list-for-object", "[" + line + "]\n")
put("nested-deep", "[" * 100000 + "\n")
put("not-utf8", "")
(HERE / "manifest" / "not-utf8.jsonl").write_bytes(line.replace("940", "9\udcff0").encode("utf8", "surrogateescape") + b"\n")
put("zero-byte", line.replace("loose", "lo\0se").replace("arcface", "arc\0ace") + "\n")
put("key-twice", line[:-1] + ',"index":0}\n')
changed("image-absolute", "image", value="/etc/passwd")
changed("image-upwards", "image", value="a/../../b.png")
changed("image-hidden", "image", value=".diffuse/job.json")
changed("image-empty", "image", value="")
changed("image-number", "image", value=7)
changed("image-long", "image", value="a/" + "b" * 5000)
changed("identity-long", "identity", value="b" * 64)
changed("label-upwards", "labels", "depth", value="../x.png")
changed("label-number", "labels", "depth", value=1)
changed("index-negative", "index", value=-1)
changed("index-fraction", "index", value=0.5)
changed("index-huge", "index", value=1 << 24)
changed("size-zero", "size", value=0)
changed("size-huge", "size", value=1 << 31)
changed("yaw-string", "yaw", value="0")
changed("yaw-beyond", "yaw", value=181)
changed("landmarks-67", "landmarks2d", value=GOOD["landmarks2d"][:67])
changed("landmarks-69", "landmarks3d", value=GOOD["landmarks3d"] + [[0, 0, 0]])
changed("landmark-of-one", "landmarks2d", 5, value=[1])
changed("landmark-null", "landmarks3d", 5, value=[1, None, 1])
changed("landmark-huge", "landmarks3d", 5, value=[1, 1e300, 1])
changed("visible-string", "visible", 3, value="1")
changed("box-of-three", "box", value=[1, 2, 3])
changed("gaze-list", "gaze", value=[0, 0, 1])
changed("gaze-of-two", "gaze", "left", value=[0, 1])
changed("camera-list", "camera", value=[1, 2])
changed("extrinsic-flat", "camera", "extrinsic", value=[0] * 12)
changed("focal-negative", "camera", "fx", value=-1)
changed("band-unknown", "band", value="uv")
changed("bits-many", "sensor", "bits", value=64)
changed("age-negative", "age", value=-1)
changed("sha256-long", "sha256", value="a" * 65)
