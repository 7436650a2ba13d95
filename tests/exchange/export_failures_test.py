#!/usr/bin/env python3
"""Exports that cannot go well end with one sentence and leave nothing; killed ones go on where they can; memory does not grow with the
set. $DIFFUSE is the program, $MODEL a small face model. DIFFUSE_SOAK=1: larger sets, more kills, and the time is fitted too."""

import fcntl
import hashlib
import json
import math
import os
import resource
import shutil
import signal
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path

from export_sets import PROGRAM, demand, export, finish, must, png, rendered_set, run

FORMS = must("help", "dataset", "export", "--json")
FORMS = next(option["choices"] for option in json.loads(FORMS)[0]["options"] if option["name"] == "to")
IS_LONG = os.environ.get("DIFFUSE_SOAK") == "1"
tried = Counter()


def line(number, **more):
    return {"image": f"p{number // 10}/{number % 10:04}.png", "identity": f"p{number // 10}", "index": number % 10, "imported": "folder", "width": 4,
            "height": 4, "channels": 3, "bits": 8, "sha256": "0" * 64, "gender": "male" if number // 10 % 2 else "female",
            "box": [1, 1, 2, 2], "landmarks5": [[1, 1], [3, 1], [2, 2], [1, 3], [3, 3]], **more}


def write_lines(folder, lines):
    Path(folder).mkdir(parents=True, exist_ok=True)
    (Path(folder) / "manifest.jsonl").write_text("".join((entry if isinstance(entry, str) else json.dumps(entry)) + "\n" for entry in lines))


def set_of(folder, count):
    """Every identity has its own folder, and all its files are links to a few images."""
    Path(folder).mkdir(parents=True)
    for number in range(10):
        (folder / f"{number}.png").write_bytes(png(4, 4, 3, 8, lambda x, y, c: (x * 50 + y * 30 + c * 9 + number) % 256))
    for number in range(count):
        (folder / f"p{number // 10}").mkdir(exist_ok=True)
        os.link(folder / f"{number % 10}.png", folder / f"p{number // 10}" / f"{number % 10:04}.png")
    write_lines(folder, map(line, range(count)))


def listing(folder):
    return {str(path.relative_to(folder)) for path in Path(folder).rglob("*")}


def fails(what, part, work, *words, prepare=None):
    """Exit 1, one sentence that has `part` in it, and nothing beside what was there."""
    before = listing(work)
    result = run(*words, preexec_fn=prepare)
    lines = result.stderr.decode("utf-8", "replace").splitlines()
    demand(result.returncode == 1 and len(lines) == 1 and lines[0].startswith("diffuse: ") and part in lines[0],
           f"{what}: expected exit 1 and a sentence with '{part}', found {result.returncode} and {lines}")
    demand(listing(work) == before, f"{what}: left {sorted(listing(work) - before)[:5]}, took {sorted(before - listing(work))[:5]}")
    tried["failures"] += 1


def check_usage(good, out):
    takes = {"--size": "8", "--pairs": "10", "--shard-images": "5", "--landmarks": None, "--seed": "3"}
    for form in FORMS:
        for option, value in takes.items():
            result = run("dataset", "export", good, "--to", form, "--out", out, option, *([value] if value else []))
            sentence = result.stderr.decode().splitlines()[0] if result.stderr else ""
            if result.returncode == 2:
                demand(f"--to {form} does not take it; those that do: " in sentence and not sentence.endswith(": "), f"{form} {option}: {sentence}")
            shutil.rmtree(out, ignore_errors=True)
            out.unlink(missing_ok=True)
            tried["combinations of format and option"] += 1
    demand(run("dataset", "export", good, "--to", "tiff", "--out", out).returncode == 2, "--to tiff: expected exit 2")


def check_places(good, work):
    out = work / "out"
    for form in FORMS:
        attempt = ("dataset", "export", good, "--to", form, "--out")
        fails(f"{form}: inside the set", "lies in the data set", work, *attempt, good / "deep" / "er")
        fails(f"{form}: the set itself", "lies in the data set", work, *attempt, f"{good}/")
        out.mkdir()
        (out / "mine.txt").write_text("keep me")
        fails(f"{form}: a folder that is there", "exists", work, *attempt, out)
        shutil.rmtree(out)
        out.write_text("mine")
        fails(f"{form}: a file that is there", "e", work, *attempt, out)
        demand(out.read_text() == "mine", f"{form}: a file that was there changed")
        out.unlink()
        fails(f"{form}: no name", "names nothing", work, *attempt, "/")


def check_sets(work):
    """Sets that are none, are wrong, or are not whole."""
    bad, out = work / "bad", work / "out"
    good = [line(number) for number in range(4)]
    cases = {
        "not there": (None, "not there"),
        "no image": ([], "has no image"),
        "no JSON": ([good[0], "{nonsense"], "line 2"),
        "another kind of value": ([good[0], "[1]"], "line 2"),
        "doubled": ([good[0], good[1], good[1]], "doubled or out of order"),
        "out of order": ([good[1], good[0]], "doubled or out of order"),
        "an identity that leaves the folder": ([line(0, identity="../x")], "no name that a folder could have"),
        "an image that leaves the folder": ([line(0, image="../x.png")], "no path below"),
        "an image that is not there": ([line(0, image="p0/9999.png")], "9999.png"),
        "an image that is none": ([line(0, image="p0/text.png")], "neither PNG nor JPEG"),
        "a split of another name": ([line(0, split="../up")], "expected train, valid or test"),
        "some with a split": ([line(0, split="train"), line(1)], "split"),
    }
    for what, (lines, part) in cases.items():
        if lines is not None:
            set_of(bad, 4)
            (bad / "p0" / "text.png").write_text("no image")
            write_lines(bad, lines)
        for form in ("folder", "imagefolder", "celeba", "csv", "pairs", "coco", "rec"):
            reads_images = form not in ("csv", "coco")
            if form not in FORMS or ("split" in what and form not in ("imagefolder",)) or ("image that is n" in what and not reads_images):
                continue
            fails(f"{form}: {what}", part, work, "dataset", "export", bad, "--to", form, "--out", out)
        shutil.rmtree(bad, ignore_errors=True)
    set_of(bad, 4)
    fails("no such split", "no image is of the split 'test'", work, "dataset", "export", bad, "--to", "csv", "--out", out, "--split", "test")
    write_lines(bad, [line(0, width=9)])
    fails("another size", "4 x 4", work, "dataset", "export", bad, "--to", "folder", "--size", "2", "--out", out)
    (bad / ".diffuse").mkdir()
    (bad / "manifest.jsonl").rename(bad / ".diffuse" / "shard-0-of-1.jsonl")
    fails("a run that was stopped", "not finished", work, "dataset", "export", bad, "--to", "csv", "--out", out)
    shutil.rmtree(bad)
    set_of(bad, 4)
    (bad / ".diffuse").mkdir()
    with open(bad / ".diffuse" / "run.lock", "w") as lock:  # as a process holds it that renders
        fcntl.flock(lock, fcntl.LOCK_SH)
        fails("a set that is being written", "another process is writing", work, "dataset", "export", bad, "--to", "csv", "--out", out)
    shutil.rmtree(bad)


def little_disk():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))


def check_little_disk(source, work):
    """No file may be longer than 3000 bytes: a disk that is full in the middle of a file."""
    for form in ("imagefolder", "csv", "celeba", "coco", "stylegan-zip", "rec", "bin"):
        if form in FORMS:
            fails(f"{form}: a full disk", "", work, "dataset", "export", source, "--to", form, "--out", work / "out", "--quiet", prepare=little_disk)
    for form in ("imagefolder", "csv"):
        readonly = work / "readonly"
        readonly.mkdir(mode=0o555)
        if not os.access(readonly, os.W_OK):  # nobody forbids root anything
            fails(f"{form}: a folder that may not be written", "", work, "dataset", "export", source, "--to", form, "--out", readonly / "out")
        readonly.rmdir()


def start(*words):
    return subprocess.Popen([PROGRAM, *map(str, words)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def check_signals(source, work):
    for form in FORMS:
        before = listing(work)
        child = start("dataset", "export", source, "--to", form, "--out", work / "out", "--quiet")
        while child.poll() is None and not any((work / name).exists() for name in ("out", ".out.part")):
            time.sleep(0.005)
        child.send_signal(signal.SIGTERM)
        said = child.communicate(timeout=60)[1].decode()
        if child.returncode == 0:
            (shutil.rmtree if (work / "out").is_dir() else os.unlink)(work / "out")
            continue
        demand(child.returncode == 143, f"{form}: SIGTERM: exit {child.returncode}: {said}")
        if form == "webdataset":
            hidden = {name for name in listing(work / "out") if name.startswith(".") and name.endswith(".tmp")} if (work / "out").exists() else set()
            demand(not hidden, f"{form}: SIGTERM left {hidden}")
            shutil.rmtree(work / "out", ignore_errors=True)
        demand(listing(work) == before, f"{form}: SIGTERM left {sorted(listing(work) - before)[:5]}, took {sorted(before - listing(work))[:5]}")
        tried["signals"] += 1


def digest(folder):
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in listing(folder) if (folder / name).is_file()}


def check_kills(source, work):
    """A killed export of shards goes on: what is whole stays, and in the end all is as if nothing had happened."""
    whole, out = work / "a" / "shards", work / "b" / "shards"
    words = ("dataset", "export", source, "--to", "webdataset", "--shard-images", "50", "--quiet", "--out")
    begin = time.time()
    must(*words, whole)
    span, wanted, kept = time.time() - begin, digest(whole), {}
    for number in range(20 if IS_LONG else 6):
        child = start(*words, out)
        time.sleep(span * (0.15 + 0.1 * number % 0.8))
        child.kill()
        child.communicate()
        there = {path.name: path.stat().st_ino for path in out.glob("shards-*.tar")} if out.exists() else {}
        demand(all(there.get(name) == inode for name, inode in kept.items()), "a shard that was whole was made again")
        demand(all(hashlib.sha256((out / name).read_bytes()).hexdigest() == wanted[name] for name in there), "a shard that is there is not whole")
        kept = there
        tried["kills"] += 1
    victim = sorted(wanted)[-1]
    if (out / victim).exists():
        (out / victim).unlink()
    spoiled = next(name for name in sorted(wanted) if name.endswith(".tar"))
    (out / spoiled).write_bytes((whole / spoiled).read_bytes()[:-700])  # as a power loss may leave it
    must(*words, out)
    demand(digest(out) == wanted, "after kills the shards differ from those of a run that was left alone")
    must(*words, out)
    demand(digest(out) == wanted, "a run over a finished export changed it")
    child = run("dataset", "export", source, "--to", "webdataset", "--shard-images", "49", "--quiet", "--out", out)
    demand(child.returncode == 1 and b"holds another export" in child.stderr and digest(out) == wanted, "another export went into the folder")
    leftover = work / ".late.part"
    leftover.mkdir()
    (leftover / "late").mkdir()
    (leftover / "late" / "old").write_text("of a run that was killed")
    export(source, "folder", work / "late")
    demand(not leftover.exists() and not (work / "late" / "old").exists(), "what a killed run left is still there")
    shutil.rmtree(work / "late")


def check_two_at_once(source, work):
    children = [start("dataset", "export", source, "--to", "folder", "--out", work / "twice", "--quiet") for _ in range(4)]
    ends = [(child.communicate(timeout=60)[1].decode(), child.returncode) for child in children]
    demand(sum(code == 0 for _, code in ends) == 1, f"four exports to one place: {ends}")
    demand(len(listing(work / "twice")) > 0 and not (work / ".twice.part").exists(), "four exports to one place: nothing came of it")
    shutil.rmtree(work / "twice")


def highest_memory(process):
    """So far, in MiB; 0 once it has ended. (What wait4 tells counts this interpreter too, of which the child was a copy.)"""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    return max([int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")], default=0) / 1024


def measured(source, form, out):
    """Peak memory in MiB, and seconds of processor time: others may use the machine too."""
    child = start("dataset", "export", source, "--to", form, "--out", out, "--quiet")
    peak, ended = 0, 0
    while not ended:
        peak = max(peak, highest_memory(child.pid))
        time.sleep(0.002)
        ended, status, usage = os.wait4(child.pid, os.WNOHANG)
    child.returncode = os.waitstatus_to_exitcode(status)
    demand(child.returncode == 0, f"{form}: exit {child.returncode}: {child.stderr.read().decode()}")
    child.stdout.close()
    child.stderr.close()
    return peak, usage.ru_utime + usage.ru_stime


def check_streaming(work):
    if "EACH" in os.environ:
        print("memory is not measured in builds with sanitizers, which keep what was freed")
        return
    small, large = (20000, 200000) if IS_LONG else (1000, 8000)
    set_of(work / "small", small)
    set_of(work / "large", large)
    found = {}
    for form in FORMS:
        if form in ("pairs", "bin"):  # they keep some bytes an image, as their files say
            continue
        out = work / "streamed"
        peaks, times = [], []
        for source in ("small", "large"):
            peak, seconds = measured(work / source, form, out)
            peaks.append(peak)
            times.append(seconds)
            (shutil.rmtree if out.is_dir() else os.unlink)(out)
        exponent = math.log(times[1] / times[0]) / math.log(large / small)
        print(f"{form}: {peaks[0]:.1f} and {peaks[1]:.1f} MiB for {small} and {large} images; {large / times[1]:.0f} images a second of processor time; exponent {exponent:.2f}")
        found[form] = peaks
        demand(not IS_LONG or exponent < 1.05, f"{form}: time grows with the power {exponent:.2f}")
        tried["images streamed"] += small + large
    few = max(peaks[0] for peaks in found.values())  # a form that ends between two looks is seen too small
    for form, peaks in found.items():
        demand(peaks[1] < few + 3 + 48 * large / 10 / 2**20, f"{form}: {few:.1f} MiB for {small} images, {peaks[1]:.1f} for {large}")


memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", memory)) as name:
    work = Path(name)
    good = work / "good"
    set_of(good, 400)
    check_usage(good, work / "out")
    check_places(good, work)
    check_sets(work)
    check_little_disk(good, work)
    shutil.rmtree(good)
    many = work / "many"
    set_of(many, 20000 if IS_LONG else 3000)
    check_signals(many, work)
    check_kills(many, work)
    check_two_at_once(many, work)
    check_streaming(work)
finish(", ".join(f"{count} {what}" for what, count in sorted(tried.items())))
