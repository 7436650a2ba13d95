#!/usr/bin/env python3
"""Files that earlier versions wrote, kept in tests/data/earlier/VERSION (README.md there says how they were made): each is read and means what
it meant, a run that was begun then goes on, and the same files with a version of the future are refused with that version in the
sentence. $DIFFUSE is the program."""

import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM = os.environ["DIFFUSE"]
EARLIER = Path(__file__).parent.parent / "data" / "earlier"


def run(folder, words):
    return subprocess.run([PROGRAM, *words.split()], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)


def must(folder, words):
    result = run(folder, words)
    assert result.returncode == 0, f"{words}: {result.returncode} {result.stderr}"
    return result.stdout


RENDER = "render --model model.safetensors --identities people.jsonl --per-identity 2 --size 32 --labels depth --quiet"


def sets(folder):
    return sorted(path.name for path in folder.glob("set-*"))


def read_all(folder):
    """What must work with the files as they are."""
    info = json.loads(must(folder, "model info model.safetensors --json"))
    expected = json.loads((folder / "info.json").read_text())
    assert {key: info.get(key) for key in expected} == expected, "the model means something else"
    must(folder, "sample --model model.safetensors --count 3 --include people.jsonl --out more.jsonl --quiet")
    assert (folder / "more.jsonl").read_text().startswith((folder / "people.jsonl").read_text().splitlines()[0]), "people are others"

def read_set(folder, name):
    """The same of a set; a run of another job format may be refused, with that format in the sentence."""
    must(folder, f"dataset verify {name}")
    must(folder, f"dataset sheet {name} --out sheet.png --quiet")
    must(folder, f"dataset stats {name} --json")
    manifest = (folder / name / "manifest.jsonl").read_bytes()
    again = run(folder, f"{RENDER} --out {name} --resume")
    job_format = json.loads((folder / name / ".diffuse" / "job.json").read_text())["job"]["format"]
    assert again.returncode == 0 or f"format {job_format}" in again.stderr, f"{name}: {again.returncode} {again.stderr}"
    assert (folder / name / "manifest.jsonl").read_bytes() == manifest, "going on with a complete set changed it"
    must(folder, f"dataset reproduce {name} --model model.safetensors --identities people.jsonl --sample 4")


def of_the_future(folder):
    """File, what it then holds, and the command that has to refuse it."""
    model = bytearray((folder / "model.safetensors").read_bytes())
    size = struct.unpack_from("<Q", model)[0]
    header = model[8:8 + size]
    at = header.index(b'"version":"1"')
    model[8 + at:8 + at + 13] = b'"version":"7"'
    yield "model.safetensors", bytes(model), "model info model.safetensors"
    for name in sets(folder):
        job = json.loads((folder / name / ".diffuse" / "job.json").read_text())
        job["job"]["format"] = 7
        yield f"{name}/.diffuse/job.json", json.dumps(job).encode(), f"{RENDER} --out {name} --resume"


def refuse(folder, name, content, words):
    before = (folder / name).read_bytes()
    (folder / name).write_bytes(content)
    result = run(folder, words)
    (folder / name).write_bytes(before)
    assert result.returncode == 1 and len(result.stderr.splitlines()) == 1, f"{words}: {result.returncode} {result.stderr}"
    assert "7" in result.stderr, f"{words}: the sentence lacks the version: {result.stderr}"


def main():
    count = 0
    for version in sorted(path for path in EARLIER.iterdir() if path.is_dir()):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / version.name
            shutil.copytree(version, folder)
            read_all(folder)
            for name in sets(folder):
                read_set(folder, name)
            count += 2 + 5 * len(sets(folder))
            for file, content, words in of_the_future(folder):
                refuse(folder, file, content, words)
                count += 1
    print(f"{count} uses of files of earlier versions")
    return 0 if count else 1


if __name__ == "__main__":
    sys.exit(main())
