"""What each command is tried with when memory, disk, calls or processes fail: a row each. A row that a test of this folder walks is all
that it knows about a command; a command of `diffuse help --json` without a row is a fault of the test.

The words run in a folder of their own, inputs are in ../in and named from there. `inputs` makes them once."""

import json
import math
import os
import shutil
import struct
import subprocess
import zipfile
from pathlib import Path
from typing import NamedTuple

PROGRAM, MODEL, BUILD = (os.environ[name] for name in ("DIFFUSE", "MODEL", "BUILD"))
SOURCE = Path(__file__).parents[2]


class Row(NamedTuple):
    words: str  # of the command line, without the program
    resume: str = ""  # further words after a failure, where what is left has to be allowed
    copies: tuple = ()  # inputs that are copied into the folder first, because the command changes them
    is_slow: bool = False  # only in the long form
    page: str = ""  # which tells what could not be read, and is written nevertheless
    names: bool = False  # names images that cannot be read, on standard error, and leaves them out


RENDER = "render --model ../in/model.safetensors --identities ../in/ids.jsonl --per-identity 2 --size 32 --threads 2 --quiet --out set"

ROWS = (
    Row("model info ../in/model.safetensors"),
    Row("model info ../in/model.safetensors --json"),
    Row("model show ../in/model.safetensors --out sheet.png --components 1 --size 32 --threads 2 --quiet"),
    Row("model eval ../in/model.safetensors --coefficients ../in/coefficients.npz --out faces.npz --threads 2 --quiet"),
    Row("model import ../in/miniatures/01_MorphableModel.mat --attributes ../in/miniatures/04_attributes.mat --out m.safetensors --quiet"),
    Row("model import ../in/miniatures/BFM_model_front.mat --out m.safetensors --quiet"),
    Row("model import ../in/miniatures/bfm.h5 --out m.safetensors --quiet"),
    Row("model import ../in/miniatures/scans --align --out m.safetensors --quiet"),
    Row("model import ../in/miniatures/FaceXModel --out m.safetensors --quiet"),
    Row("model convert ../in/model.safetensors --out m.npz --quiet"),
    Row("model convert ../in/model.npz --out m.safetensors --quiet"),
    Row("model export ../in/model.safetensors --format obj --random --out face.obj --quiet"),
    Row("model export ../in/model.safetensors --format ply --random --out face.ply --quiet"),
    Row("model export ../in/model.safetensors --format glb --random --out face.glb --quiet"),
    Row("model dress ../in/model.safetensors --parts ../in/model.safetensors --out m.safetensors --quiet"),
    Row("model build --heads 200 --out m.safetensors --threads 2 --quiet", is_slow=True),
    Row("sample --model ../in/model.safetensors --count 3 --out people.jsonl --quiet"),
    Row("sample --model ../in/model.safetensors --count 4 --balance gender --include ../in/ids.jsonl --out people.jsonl --quiet"),
    Row(RENDER, resume="--resume"),
    Row(RENDER + " --labels segmentation,depth,normals --shard 0/1 --sync identity --json", resume="--resume"),
    Row(RENDER + " --force", resume="--force", copies=("set",)),
    Row("dataset verify ../in/set --threads 2"),
    Row("dataset verify ../in/set --json"),
    Row("dataset sheet ../in/set --out sheet.png --dense --cell 32 --count 4 --quiet"),
    Row("dataset sheet ../in/set --out sheet.png --labels --cell 32 --count 2 --json"),
    Row("dataset import ../in/set --out out", names=True),
    Row("dataset import ../in/faces --out out", names=True),
    Row("dataset import ../in/faces.csv --images ../in/faces --out out --link --json", names=True),
    Row("dataset subset ../in/set --where abs(yaw)<90 --out out --quiet"),
    Row("dataset split ../in/set --parts train:0.5,test:0.5 --out out --copy --quiet"),
    Row("dataset split set --parts train:0.5,test:0.5 --write --quiet", resume="--replace", copies=("set",)),
    Row("dataset merge ../in/set ../in/other --mixed --out out --quiet"),
    Row("dataset leak ../in/set ../in/other --out leak.png --html leak.html --count 4 --threads 2", names=True),
    Row("dataset card set --force --quiet", copies=("set",)),
    Row("dataset stats ../in/set --html stats.html --json"),
    Row("dataset reproduce ../in/set --sample 2 --model ../in/model.safetensors --quiet"),
    Row("render set --add albedo,uv --model ../in/model.safetensors --threads 2 --quiet", copies=("set",)),
    Row("auth eval --embeddings ../in/embeddings.npz --groups gender --manifest ../in/groups.csv --at 1e-1 --bootstrap 20 --threads 2 "
        "--html auth.html --json --quiet"),
    Row("auth eval --embeddings ../in/embeddings.npz --pairs ../in/pairs.txt --bootstrap 5 --quiet"),
    Row("latent score --importance ../in/importance.npz"),
    Row("report ../in/set --out page/index.html --quiet", page="page/index.html"),
    Row("fid ../in/features.npz ../in/features.npz --kid --prdc --halves --k 2 --threads 1 --json"),
    Row("attributes eval ../in/crowd --model ../in/h/classifier.safetensors --out page --threads 1", names=True),
    Row("attributes predict ../in/crowd --model ../in/h/classifier.safetensors --csv said.csv --manifest said.jsonl --threads 1", names=True),
    Row("runs list ../in/runs --json"),
    Row("runs compare ../in/runs"),
    Row("runs plot ../in/runs --out page.html --svg charts"),
    Row("net list --json"),
    Row("net info mobilenet_v2_face --size 32 --layers"),
    Row("net run arcface --input ../in/arcface.npz --output out.npz --gradients --threads 1 --quiet"),
    Row("net run mobilenet_v2 --weights rule:m. --classes 3 --input ../in/images.npz --output out.npz --threads 1 --quiet"),
    Row("net train resnet18 --weights rule:r. --classes 2 --input ../in/batches.npz --output loss.npz --threads 1 --quiet"),
    Row("weights list ../in/arrays.pt --json"),
    Row("weights convert ../in/arrays.pt --out arrays.safetensors --quiet"),
    Row("weights convert ../in/model.safetensors --out arrays.npz --quiet"),
    Row("demo --model ../in/model.safetensors --out demo --per-identity 1 --size 64 --threads 2 --quiet", is_slow=True),
)

# Forms of export that need more than the little set, and what they get.
EXPORTED = {"pairs": "../in/crowd --pairs 10", "bin": "../in/crowd --pairs 10"}

UNTRIED = ("attributes train", "net bench",  # they tell times: never the same bytes
           "help", "completion", "version")  # they read and write no files


def diffuse(folder, words, program=PROGRAM, **more):
    settings = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "timeout": 120, **more}
    return subprocess.run([program, *words.split()], cwd=folder, **settings)


def must(folder, words):
    result = diffuse(folder, words)
    assert result.returncode == 0, f"{words}: {result.returncode} {result.stderr}"


def make_inputs(base):
    """The folder base/in: a model, people, a set with labels, and files of other makers' formats."""
    folder = Path(base, "in")
    folder.mkdir()
    shutil.copyfile(MODEL, folder / "model.safetensors")
    shutil.copytree(Path(BUILD, "miniatures"), folder / "miniatures")
    must(folder, "sample --model model.safetensors --count 2 --out ids.jsonl --quiet")
    must(folder, "model convert model.safetensors --out model.npz --quiet")
    render = "render --model model.safetensors --per-identity 2 --quiet"
    must(folder, f"{render} --identities ids.jsonl --size 32 --out set --labels segmentation,depth,normals")
    must(folder, f"{render} --identities ids.jsonl --size 32 --seed 7 --out other")
    must(folder, "sample --model model.safetensors --count 40 --seed 3 --out crowd.jsonl --quiet")
    must(folder, f"{render} --identities crowd.jsonl --size 16 --out crowd")
    must(folder, "attributes train crowd --attribute male=gender=='male' --valid 0.4 --size 16 --width 1 --epochs 0.001 --batch 8 --threads 1 --out h --quiet")
    copy_faces(folder)
    write_run(folder / "runs" / "one")
    write_features(folder / "features.npz")
    write_arrays(folder / "coefficients.npz", shape=(2, 3), albedo=(2, 1), expression=(2, 2))
    write_arrays(folder / "arcface.npz", x=(2, 512), weight=(3, 512), labels=(2,))
    write_arrays(folder / "images.npz", x=(2, 3, 32, 32))
    write_arrays(folder / "batches.npz", x=(1, 2, 3, 32, 32), y=(1, 2))
    shutil.copyfile(SOURCE / "tests/data/weights/torch_views.pt", folder / "arrays.pt")
    write_embeddings(folder)
    return folder


def npy(shape):
    """A float32 array of NumPy's format 1.0: 0 and 1 in turn."""
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (63 - (10 + len(header)) % 64) + "\n"
    count = math.prod(shape)
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + struct.pack(f"<{count}f", *(i % 2 for i in range(count)))


def write_run(folder):
    """What a training leaves for `diffuse runs`."""
    folder.mkdir(parents=True)
    (folder / "run.json").write_text('{"what": "attributes", "rate": 0.1}')
    (folder / "metrics.jsonl").write_text("".join(f'{{"step":{i},"wall":{1000 + i},"loss":{1 / (i + 1)}}}\n' for i in range(3)))


def write_arrays(path, **shapes):
    with zipfile.ZipFile(path, "w") as archive:
        for name, shape in shapes.items():
            archive.writestr(name + ".npy", npy(shape))


def write_features(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("features.npy", npy((6, 2))[:-48] + struct.pack("<12f", *(i * i % 7 for i in range(12))))


def array(description, shape, data):
    header = f"{{'descr': '{description}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + data


def write_embeddings(folder):
    """Four people with three embeddings each, their groups, a list of pairs, and importances."""
    rows = [float((7 * i * i + 3 * k) % 11 - 5) for i in range(12) for k in range(4)]
    with zipfile.ZipFile(folder / "embeddings.npz", "w") as archive:
        archive.writestr("embedding.npy", array("<f4", (12, 4), struct.pack("<48f", *rows)))
        archive.writestr("label.npy", array("|u1", (12,), bytes(i // 3 for i in range(12))))
        archive.writestr("name.npy", array("|S6", (12,), b"".join(b"%c_%04d" % (97 + i // 3, i % 3 + 1) for i in range(12))))
    (folder / "groups.csv").write_text("label,gender\n0,f\n1,m\n2,f\n3,m\n")
    (folder / "pairs.txt").write_text("1\t2\na\t1\t2\nb\t1\t3\na\t1\tb\t1\nc\t2\td\t3\n")
    with zipfile.ZipFile(folder / "importance.npz", "w") as archive:
        archive.writestr("importance.npy", array("<f8", (2, 2), struct.pack("<4d", 3, 3, 2, 0)))


def copy_faces(folder):
    """The set's images as a folder for each person, and as a table."""
    lines = ["file,person,split"]
    for image in sorted(folder.glob("set/0*/*.png")):
        place = folder / "faces" / f"person-{image.parent.name}" / image.name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(image, place)
        lines.append(f"{place.relative_to(folder / 'faces')},{place.parent.name},train")
    (folder / "faces.csv").write_text("\n".join(lines) + "\n")


def name_of(words):
    """Of the command that the words call: one word or two."""
    first, second = (words.split() + [""])[:2]
    verbs = ("model", "dataset", "net", "weights", "runs", "attributes", "auth", "latent")
    return f"{first} {second}" if first in verbs else first


def commands():
    """The commands that the program has, by name."""
    rows = json.loads(diffuse(".", "help --json").stdout)
    return {row["name"] + (" " + row["verb"] if row["verb"] else ""): row for row in rows}


def export_rows(there):
    """A row for each form that the table of exports has."""
    options = there.get("dataset export", {"options": ()})["options"]
    for form in next((option["choices"] for option in options if option["name"] == "to"), ()):
        yield Row(f"dataset export {EXPORTED.get(form, '../in/set')} --to {form} --out out --quiet")


def rows(is_long):
    """The rows to try, and the commands that have none."""
    there = commands()
    all_rows = [*ROWS, *export_rows(there)]
    named = {name_of(row.words) for row in all_rows} | set(UNTRIED)
    return [row for row in all_rows if name_of(row.words) in there and (is_long or not row.is_slow)], [name for name in there if name not in named]
