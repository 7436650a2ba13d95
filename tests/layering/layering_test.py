#!/usr/bin/env python3
"""The order of the folders of src/, what no source may call, and headers that compile alone under gcc and clang."""

import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

# Which folders' headers a folder may include, beside its own. Arrows go one way.
ALLOWED = {
    "base": (),
    "image": ("base",),
    "tensor": ("base",),
    "face": ("base", "image", "tensor"),
    "render": ("base", "image", "tensor", "face"),
    "dataset": ("base", "image", "tensor", "face", "render", "plot"),
    "plot": ("base", "image"),
    "nn": ("base", "tensor"),
    "nets": ("base", "tensor", "nn"),
    "train": ("base", "tensor", "nn", "nets"),
    "exchange": ("base", "image", "tensor", "face", "render", "dataset"),
    "feed": ("base", "image", "dataset", "exchange", "train"),  # of train only batches.h, which it fills: train knows no files
    "metrics": ("base", "image", "tensor", "dataset", "exchange", "nn", "nets"),
    "attributes": ("base", "image", "tensor", "dataset", "exchange", "plot", "nn", "nets", "train", "feed", "metrics"),
    "auth": ("base", "tensor", "dataset", "exchange", "metrics"),
    "cli": ("base", "image", "tensor", "face", "render", "dataset", "exchange", "plot", "nn", "nets", "train", "feed",
            "metrics", "attributes", "auth"),
}
BANNED_EVERYWHERE = ("strcpy", "strcat", "sprintf", "vsprintf", "gets", "atoi", "atol", "atof", "rand", "srand", "strtok")
BANNED_BELOW_CLI = ("printf", "fprintf", "vprintf", "vfprintf", "puts", "putchar", "fputs", "perror", "exit", "_exit", "abort")
MOST_LINES = 500
COMMENT_OR_STRING = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"]+)"', re.MULTILINE)


def without_comments_and_strings(text):
    return COMMENT_OR_STRING.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def included_faults(path, folder, text):
    for name in INCLUDE.findall(text):
        other = name.split("/")[0]
        if "/" not in name or other not in ALLOWED:
            yield f"{path}: includes \"{name}\": expected \"FOLDER/NAME.h\" with a folder of src/"
        elif other != folder and other not in ALLOWED[folder]:
            yield f"{path}: includes \"{name}\", but {folder} stands below {other} or beside it"


def called_faults(path, folder, text):
    banned = BANNED_EVERYWHERE + (() if folder == "cli" else BANNED_BELOW_CLI)
    for match in re.finditer(r"\b(" + "|".join(banned) + r")\s*\(", without_comments_and_strings(text)):
        yield f"{path}:{text.count(chr(10), 0, match.start()) + 1}: calls {match.group(1)}"


def source_faults(root):
    """Every fault of the sources below root, one sentence each."""
    seen = {}
    for path in sorted(root.glob("*/*.[ch]")):
        folder, text = path.parent.name, path.read_text()
        if folder not in ALLOWED:
            yield f"{path}: its folder is not in the table of this test"
            continue
        yield from included_faults(path, folder, text)
        yield from called_faults(path, folder, text)
        if text.count("\n") > MOST_LINES:
            yield f"{path}: {text.count(chr(10))} lines, expected at most {MOST_LINES}"
        if path.suffix == ".c" and not text.startswith("/*"):
            yield f"{path}: expected a comment on its idea at the top"
        if path.name in seen:
            yield f"{path}: {seen[path.name]} has the same name"
        seen[path.name] = path


def first_error(text):
    return next((line for line in text.splitlines() if "error:" in line), text[:200])


def compile_alone(compiler, header, root):
    command = [compiler, "-std=gnu17", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", f"-I{root}", "-x", "c", "-"]
    result = subprocess.run(command, input=f'#include "{header.relative_to(root)}"\n', text=True, capture_output=True)
    return None if result.returncode == 0 else f"{header}: does not compile alone under {compiler}: {first_error(result.stderr)}"


def header_faults(root):
    compilers = [name for name in ("gcc", "clang") if shutil.which(name)]
    if not compilers:
        yield "neither gcc nor clang is here"
    with ThreadPoolExecutor(2) as pool:
        tries = [(c, h, root) for c in compilers for h in sorted(root.glob("*/*.h"))]
        yield from filter(None, pool.map(lambda one: compile_alone(*one), tries))


PLANTED = {
    "image/upwards.c": ('/* a */\n#include "render/scene.h"\n', "stands below"),
    "plot/beside.c": ('/* a */\n#include "face/person.h"\n', "stands below"),
    "face/local.c": ('/* a */\n#include "person.h"\n', "expected \"FOLDER"),
    "base/print.c": ("/* a */\nvoid f(void) { printf(\"x\"); }\n", ":2: calls printf"),
    "cli/copy.c": ("/* a */\n/* two\nlines */ void f(void) { strcpy (a, b); }\n", ":3: calls strcpy"),
    "tensor/long.c": ("/* a */\n" + "\n" * 500, "501 lines"),
    "base/bare.c": ("int a;\n", "comment on its idea"),
    "newfolder/a.c": ("/* a */\n", "not in the table"),
    "face/raster.c": ("/* a */\n", None),
    "render/raster.c": ("/* a */\n", "the same name"),
    "base/quiet.c": ('/* printf( */\nconst char *a = "exit(";\nint snprintf(void);\n', None),
    "base/needy.h": ("size_t a(void);\n", "does not compile alone"),
}


def planted_faults_are_found():
    """The test of the test: a small tree in which each file has the fault named beside it, or none."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, (text, _) in PLANTED.items():
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_text(text)
        found = list(source_faults(root)) + list(header_faults(root))
    for name, (_, expected) in PLANTED.items():
        mine = [fault for fault in found if f"/{name}" in fault.split(" ")[0]]
        if bool(mine) != bool(expected) or (expected and not any(expected in fault for fault in mine)):
            yield f"planted {name}: expected {expected!r}, found {mine}"


def main():
    root = Path(__file__).resolve().parents[2] / "src"
    faults = list(planted_faults_are_found()) + list(source_faults(root)) + list(header_faults(root))
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
