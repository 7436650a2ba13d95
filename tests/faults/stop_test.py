#!/usr/bin/env python3
"""SIGINT and SIGTERM in the middle of every command: it ends within two seconds with status 130 or 143 and one sentence, what is done is
valid, and it goes on to the same bytes. Commands that are done sooner are slowed down by a preloaded object ($FAIL_CALLS), so that a
small input takes as long as a large one. A word as argument tries only the command lines with it."""

import os
import signal
import subprocess
import sys
import time

import tries
from command_table import PROGRAM, diffuse

SHIM = os.environ["FAIL_CALLS"]
SIGNALS = (signal.SIGINT, signal.SIGTERM)
SECONDS, LIMIT = 5.0, 2.0  # that a command is made to take, and that it has to stop
FEWEST = 30  # calls: what makes fewer is no long command
MOMENTS = (0.1, 0.3, 0.5, 0.7, 0.9) if tries.IS_LONG else (0.35,)  # shares of the time


def interrupted(place, words, count, number, moment):
    """The ended process and how long it took from the signal on."""
    environment = {**os.environ, "LD_PRELOAD": SHIM, "FAIL_DELAY_MS": str(int(1000 * SECONDS / count) + 1)}
    process = subprocess.Popen([PROGRAM, *words.split()], cwd=place, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, preexec_fn=lambda: signal.signal(number, signal.SIG_DFL))
    time.sleep(moment * SECONDS)
    sent = time.monotonic()
    process.send_signal(number)
    out, said = process.communicate(timeout=60)
    return subprocess.CompletedProcess(words, process.returncode, out, said), time.monotonic() - sent


def judge_stop(result, seconds, number):
    said = result.stderr.decode("utf-8", "replace").splitlines()
    if seconds > LIMIT + float(os.environ.get("GRACE", "0")):
        return [f"took {seconds:.1f} s to stop"]
    if result.returncode == 0:
        return []  # it was done
    if result.returncode != 128 + number:
        return [f"status {result.returncode}, said {said[-3:]}"]
    return [] if len(said) == 1 and said[0].startswith("diffuse: ") else [f"expected one sentence, found {said[-3:]}"]


def one_stop(good, count, number, moment):
    with tries.Place(good) as place:
        try:
            result, seconds = interrupted(place, good.row.words, count, number, moment)
        except subprocess.TimeoutExpired:
            return -1, ["no end"]
        faults = judge_stop(result, seconds, number) or tries.judge_files(good, place, result) or tries.judge_again(good, place, False)
        return (1 if result.returncode else 0), faults


def try_row(good, pool, account):
    count = tries.count_of(good, PROGRAM, {"LD_PRELOAD": SHIM})
    if count < FEWEST:
        return
    numbers = SIGNALS if tries.IS_LONG else (SIGNALS[account.tried % 2],)
    ways = [(number, moment) for moment in MOMENTS for number in numbers]
    for way, outcome in zip(ways, pool.map(lambda way: one_stop(good, count, *way), ways)):
        account.add(good.row, f"{way[0].name} after {way[1]:.0%}", outcome)


def can_fail(good):
    late, silent = subprocess.CompletedProcess("", 130, b"", b"diffuse: x\n"), subprocess.CompletedProcess("", 130, b"", b"")
    return all((judge_stop(late, 9, 2), judge_stop(silent, 0, 2), judge_stop(late, 0, 15))) and not judge_stop(late, 0, 2)


if __name__ == "__main__":
    sys.exit(tries.run("signals", try_row, can_fail))
