#!/usr/bin/env python3
"""`diffuse demo` with a small model, and `diffuse report` of folders as strangers leave them: the pages are well-formed, everything they
show is there, nothing runs or is fetched, and a second call changes nothing."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from urllib.parse import unquote

PROGRAM, MODEL = os.environ["DIFFUSE"], os.environ["MODEL"]
SMALL = ("--model", MODEL, "--per-identity", "3", "--size", "64")


def run(*words, status=0):
    result = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, timeout=300, check=False)
    assert result.returncode == status, (words, result.returncode, result.stderr)
    return result


def check_page(path):
    """Returns the page's text; every picture is there."""
    root = ElementTree.fromstring(path.read_text())
    for element in root.iter():
        tag = element.tag.split("}")[-1]
        assert tag not in ("script", "iframe", "object", "embed", "link"), tag
        assert not [name for name in element.attrib if name.startswith("on")], element.attrib
        for name in ("src", "href"):
            target = element.attrib.get(name, "#")
            if not target.startswith("#"):
                assert (path.parent / unquote(target)).is_file(), target
    return "".join(root.itertext())


def hashes(folder):
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*")) if p.is_file()}


def try_demo(top):
    out = top / "the démo"
    said = run("demo", *SMALL, "--out", out).stdout
    text = check_page(out / "report" / "index.html")
    assert "$ diffuse render" in said and str(out / "report" / "index.html") in said
    assert len((out / "faces" / "manifest.jsonl").read_text().splitlines()) == 72
    assert "72" in text and "synthetic" in text and "diffuse render" in text
    assert (out / "attributes" / "classifier.safetensors").exists() and "Face model attributes" not in text  # a classifier's weights are none
    before = hashes(out)
    run("demo", *SMALL, "--out", out)
    assert hashes(out) == before
    return out


def try_interruption(top, whole):
    """Stopped in the middle, the demo goes on to the same result."""
    out = top / "stopped"
    demo = subprocess.Popen([PROGRAM, "demo", *SMALL, "--out", str(out)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while demo.poll() is None and not (out / "faces" / "000001").exists():
        time.sleep(0.01)
    demo.send_signal(signal.SIGTERM)
    assert demo.wait(timeout=60) in (143, 0)
    run("demo", *SMALL, "--out", out)
    assert hashes(out / "faces") == hashes(whole / "faces")


def try_foreign_folder(top):
    folder = top / "mine"
    folder.mkdir()
    (folder / "thesis.txt").write_text("x")
    assert "no demo" in run("demo", "--model", MODEL, "--out", folder, status=1).stderr
    assert hashes(folder).keys() == {"thesis.txt"}


def try_strange_files(top, demo):
    folder = top / "<b>results & 'more'"
    (folder / "a" / "b" / "c" / "d" / "e").mkdir(parents=True)
    (folder / "empty.json").write_text("")
    (folder / "odd.json").write_text(json.dumps({"<script>": "</td><script>alert(1)</script>", "list": [1, 2], "deep": {"a": {"b": {"c": {"d": 1}}}}}))
    (folder / "text.png").write_text("no picture")
    (folder / "<img src=x onerror=y>.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    (folder / "people.jsonl").write_text('{"id": "a", "gender": "<i>", "ethnicity": "&", "age": 3}\n{"broken\n')
    (folder / "other.jsonl").write_text("no JSON\n")
    (folder / "lines.jsonl").write_text('{"step": 1}\n')
    (folder / "weights.safetensors").write_text("no model")
    (folder / "commands.json").write_text('{"commands": ["a && b <c>", 3, null]}')
    (folder / "a" / "b" / "c" / "d" / "e" / "deep.json").write_text("{}")
    (folder / "loop").symlink_to(folder)
    shutil.copytree(demo / "faces" / "000000", folder / "damaged" / "000000")
    (folder / "damaged" / "manifest.jsonl").write_text((demo / "faces" / "manifest.jsonl").read_text() + "{}\n")
    result = run("report", folder)
    text = check_page(folder / "report" / "index.html")
    for expected in ("empty.json", "other.jsonl: line 1", "weights.safetensors", "people.jsonl: line 2", "manifest.jsonl", "a && b <c>", "</td><script>alert(1)</script>"):
        assert expected in text, expected
    assert "deep.json" not in text and "lines.jsonl" not in text and text.count("odd.json") == 1 and "loop/" not in text
    assert "people.jsonl: line 2" in result.stderr


def try_places(top):
    run("report", top / "missing", status=1)
    empty = top / "empty"
    empty.mkdir()
    run("report", empty, "--out", top / "page.html")
    assert "Nothing to show" in check_page(top / "page.html") and not list(empty.iterdir())
    assert json.loads(run("report", empty, "--json").stdout) == {"out": str(empty / "report" / "index.html")}
    blocked = top / "file"
    blocked.write_text("x")
    run("report", empty, "--out", blocked / "index.html", status=1)


def main():
    with tempfile.TemporaryDirectory(prefix="diffuse report ") as folder:
        top = Path(folder)
        demo = try_demo(top)
        try_interruption(top, demo)
        try_foreign_folder(top)
        try_strange_files(top, demo)
        try_places(top)


if __name__ == "__main__":
    main()
