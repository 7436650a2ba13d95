#!/usr/bin/env python3
"""Other locales, time zones, masks, closed streams, and places of files as users have them: the same bytes and exit status, or
one sentence. $DIFFUSE is the program, $MODEL a small face model."""

import os
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PROGRAM, MODEL = os.environ["DIFFUSE"], os.environ["MODEL"]
faults = []


def demand(is_right, sentence):
    if not is_right:
        faults.append(sentence)


def run(*words, env=None, prepare=None, **more):
    settings = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "timeout": 60, **more}
    return subprocess.run([PROGRAM, *map(str, words)], env=env, preexec_fn=prepare, **settings)


def failed_with_one_sentence(result, what):
    lines = result.stderr.decode("utf-8", "replace").splitlines()
    demand(result.returncode == 1 and len(lines) == 1 and lines[0].startswith("diffuse: "),
           f"{what}: expected exit 1 and one sentence, found {result.returncode} and {lines}")


def npy(rows, columns):
    """Little float32 array of NumPy's format 1.0."""
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {columns}), }}"
    header += " " * (63 - (10 + len(header)) % 64) + "\n"
    values = [0.25 * (i % 7) - 0.5 for i in range(rows * columns)]
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + struct.pack(f"<{len(values)}f", *values)


def write_coefficients(path):
    with zipfile.ZipFile(path, "w") as archive:
        for name, columns in (("shape", 3), ("albedo", 1), ("expression", 2)):
            archive.writestr(name + ".npy", npy(5, columns))


def evaluate(folder, name="out.npz", **more):
    """Status and bytes of `model eval` into folder/name."""
    result = run("model", "eval", MODEL, "--coefficients", folder / "in.npz", "--out", folder / name, **more)
    out = folder / name
    return result, out.read_bytes() if result.returncode == 0 else b""


def environments():
    here = dict(os.environ)
    known = subprocess.run(["locale", "-a"], capture_output=True, text=True).stdout.lower()
    yield "a German locale", {**here, "LC_ALL": "de_DE.UTF-8" if "de_de" in known else "C.UTF-8"}
    yield "a locale that is not there", {**here, "LC_ALL": "xx_XX", "LANG": "yy"}
    yield "another time zone", {**here, "TZ": "Asia/Kathmandu"}
    yield "no HOME", {k: v for k, v in here.items() if k not in ("HOME", "XDG_DATA_HOME")}
    yield "no environment", {}


def surroundings_change_nothing(folder):
    info, (evaluated, good) = run("model", "info", MODEL), evaluate(folder)
    demand(info.returncode == 0 and evaluated.returncode == 0, f"plain runs fail: {info.stderr} {evaluated.stderr}")
    for what, environment in environments():
        demand(run("model", "info", MODEL, env=environment).stdout == info.stdout, f"{what}: model info prints something else")
        demand(evaluate(folder, env=environment)[1] == good, f"{what}: model eval writes something else")
    for what, more in (("umask 077", {"prepare": lambda: os.umask(0o077)}), ("another folder", {"cwd": "/"}),
                       ("standard output closed", {"prepare": lambda: os.close(1)}),
                       ("standard error closed", {"prepare": lambda: os.close(2)}),
                       ("all streams closed", {"prepare": lambda: os.closerange(0, 3)})):
        demand(evaluate(folder, **more)[1] == good, f"{what}: model eval writes something else or fails")
    demand(evaluate(folder, name="again.npz")[1] == good, "a second run writes something else")


def streams_that_take_nothing():
    reader, writer = os.pipe()
    os.close(reader)
    gone = run("help", "--json", stdout=writer)
    os.close(writer)
    demand(gone.returncode == 0 and gone.stderr == b"", f"a reader that went away: {gone.returncode} {gone.stderr}")
    with open("/dev/full", "wb") as full:
        failed_with_one_sentence(run("help", stdout=full), "a full standard output")
    failed_with_one_sentence(run("help", prepare=lambda: os.close(1)), "a closed standard output")
    no_terminal = run("help", start_new_session=True)
    demand(no_terminal.returncode == 0 and b"\x1b" not in no_terminal.stdout, "without a terminal help fails or has escapes")


def places_of_output(folder):
    good = evaluate(folder)[1]
    for name in ("with space.npz", "ümlaut ☃.npz", "new\nline.npz", "-dash.npz", "x" * 200 + ".npz"):
        demand(evaluate(folder, name)[1] == good, f"{name!r}: model eval fails or writes something else")
    (folder / "link.npz").symlink_to(folder / "target.npz")
    demand(evaluate(folder, "link.npz")[1] == good, "a link as output fails")
    (folder / "folder.npz").mkdir()
    for name in ("folder.npz", "missing/out.npz", "y" * 300, "in.npz/out.npz", "z/" * 3000 + "out.npz"):
        failed_with_one_sentence(evaluate(folder, name)[0], f"output {name[:30]!r}")
    leftover = [path.name for path in folder.iterdir() if path.name.startswith(".")]
    demand(not leftover, f"failed writes left {leftover}")


def places_of_input(folder):
    os.mkfifo(folder / "fifo")
    (folder / "empty").touch()
    (folder / "circle").symlink_to("circle")
    shutil.copyfile(MODEL, folder / "mödel with space")
    demand(run("model", "info", folder / "mödel with space").returncode == 0, "a model with other letters in its name fails")
    for name in ("fifo", "empty", "circle", ".", "missing", "in.npz", "empty/x", "n" * 300):
        failed_with_one_sentence(run("model", "info", folder / name), f"model {name[:30]!r}")
        failed_with_one_sentence(run("model", "eval", MODEL, "--coefficients", folder / name if name != "in.npz" else MODEL, "--out",
                                     folder / "unused"), f"coefficients {name[:30]!r}")
    for name in ("/dev/null", "/dev/zero", "/proc/self/mem"):
        failed_with_one_sentence(run("model", "info", name), name)
    demand(not (folder / "unused").exists(), "a failed run wrote its output")


def can_fail():
    """The test of the test: a run that succeeds is not one that failed with a sentence."""
    failed_with_one_sentence(run("version"), "planted")
    demand(faults != [], "the test finds no fault where there is one")
    faults.remove(next(fault for fault in faults if fault.startswith("planted")))


def main():
    can_fail()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_coefficients(folder / "in.npz")
        surroundings_change_nothing(folder)
        streams_that_take_nothing()
        places_of_output(folder)
        places_of_input(folder)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
