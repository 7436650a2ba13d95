#!/usr/bin/env python3
"""SIGKILL at random moments: of a render that is resumed and killed until it is done, and of every other command that writes. What is there
under its own name is whole at any time, and in the end everything is as if nothing had happened: nothing lost, doubled or left over.
A word as argument tries only the command lines with it."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time

import tries
from command_table import PROGRAM, diffuse

KILLS = 50 if tries.IS_LONG else int(os.environ.get("KILLS", "6"))
EACH = 12 if tries.IS_LONG else 2  # of every other command
SEED = 1
LONG_RENDER = ("render --model ../in/model.safetensors --identities ../in/ids.jsonl --per-identity 40 --size 96 --threads 2 --quiet "
               "--labels depth --out set")


def killed(folder, words, seconds):
    """Runs so long, then kills; whether the kill came first."""
    process = subprocess.Popen([PROGRAM, *words.split()], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
    return process.wait() == -signal.SIGKILL


def whole(good, place):
    """Faults of what is there: under a final name only what belongs there."""
    return [f"left {path}, which is not what it should be" for path, digest in tries.tree(place).items()
            if not tries.is_unfinished(path) and digest not in (good.files.get(path), good.before.get(path))]


def leftovers(place):
    """What a finished set must not have: temporary files, journals."""
    return [f"left {path.relative_to(place)}" for path in place.rglob("*") if path.suffix in (".tmp", ".part") or path.name.startswith("shard-")]


def try_render(good, chance, account):
    """One data set, killed and resumed until it is done."""
    begin = time.monotonic()
    with tries.Place(good) as place:
        diffuse(place, LONG_RENDER)
    seconds = time.monotonic() - begin
    while account.tried < KILLS:
        with tries.Place(good) as place:
            while account.tried < KILLS and killed(place, LONG_RENDER + " --resume", chance.uniform(0.05, 0.5) * seconds):
                account.add(good.row, f"kill {account.tried + 1}, seed {SEED}", (0, whole(good, place)))
            diffuse(place, LONG_RENDER + " --resume")
            if tries.tree(place) != good.files:
                account.faults.append("a render that was killed and resumed gave other files")
            account.faults += leftovers(place)


def try_row(good, pool, account):
    if not good.files or good.row.copies:
        return
    begin = time.monotonic()
    with tries.Place(good) as place:
        diffuse(place, good.row.words)
    seconds, chance = time.monotonic() - begin, random.Random(SEED)
    for k in range(EACH):
        with tries.Place(good) as place:
            if not killed(place, good.row.words, chance.uniform(0, seconds)):
                continue
            faults = whole(good, place)
            if not good.row.resume and any(place.iterdir()):
                shutil.rmtree(place)
                place.mkdir()
            account.add(good.row, f"kill {k + 1}, seed {SEED}", (0, faults or tries.judge_again(good, place, may_leave=False)))


def try_rows(good, pool, account):
    if account.tried == 0:  # first of all the long render
        row = good.row._replace(words=LONG_RENDER, resume="--resume", copies=())
        try_render(tries.Good(good.base, row), random.Random(SEED), account)
    try_row(good, pool, account)


def can_fail(good):
    """A file that is not what it should be is found."""
    with tries.Place(good) as place:
        (place / "people.jsonl").write_text("half")
        return bool(whole(good, place))


if __name__ == "__main__":
    sys.exit(tries.run("kills", try_rows, can_fail))
