#!/usr/bin/env python3
"""Every command that writes, started twice at the same moment on the same output, and renders of the same shard, of different shards, with
--resume and with --force: each succeeds or is refused with one sentence, at least one succeeds or going on does, and the files are right.
A word as argument tries only the command lines with it."""

import copy
import os
import subprocess
import sys

import tries
from command_table import PROGRAM, RENDER, diffuse

ROUNDS = 25 if tries.IS_LONG else int(os.environ.get("ROUNDS", "1"))
PAIRS = (
    ("--shard 0/1", "--shard 0/1"),
    ("--shard 0/2", "--shard 1/2"),
    ("--shard 0/2", "--shard 0/2"),
    ("--resume", "--resume"),
    ("--force", "--force"),
    ("--force", "--resume"),
    ("--shard 0/2", "--shard 0/3"),
)


def start(place, words):
    return subprocess.Popen([PROGRAM, *words.split()], cwd=place, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def both(place, commands):
    processes = [start(place, words) for words in commands]
    results = []
    for process in processes:
        out, said = process.communicate(timeout=60)
        results.append(subprocess.CompletedProcess(process.args, process.returncode, out, said))
    return results


def go_on(good, place):
    """Completes what two processes left: as it is, or in as many shards as its job says. Whether the files are right then."""
    row = good.row
    for words in ("", "0/2 1/2", "0/3 1/3 2/3"):
        shards = [f"{row.resume} --shard {shard}" for shard in words.split()] or [row.resume]
        for further in shards:
            diffuse(place, f"{row.words} {further}")
        if tries.tree(place) == good.files:
            return True
    return False


def one_round(good, commands):
    """Faults of two commands at once."""
    with tries.Place(good) as place:
        try:
            results = both(place, commands)
        except subprocess.TimeoutExpired:
            return -1, ["no end"]
        faults = [fault for result in results for fault in tries.judge_end(good, result)]
        if not faults and tries.tree(place) != good.files and not go_on(good, place):
            faults = [f"the files are not right: {sorted(set(tries.tree(place).items()) ^ set(good.files.items()))[:4]}"]
        return max(result.returncode for result in results), faults


def try_row(good, pool, account):
    row = good.row
    if not good.files:
        return
    for k in range(ROUNDS):
        account.add(row, f"twice, round {k + 1}", one_round(good, (row.words, row.words)))
        for first, second in PAIRS if row.words == RENDER else ():
            account.add(row, f"{first} and {second}, round {k + 1}", one_round(good, (f"{row.words} {first}", f"{row.words} {second}")))


def can_fail(good):
    """Two commands that are done but make nothing of what they should."""
    idle = copy.copy(good)
    idle.row, idle.files = good.row._replace(words="version", copies=()), {"image.png": "00"}
    return bool(one_round(idle, ("version", "version"))[1])


if __name__ == "__main__":
    sys.exit(tries.run("pairs of processes", try_row, can_fail))
