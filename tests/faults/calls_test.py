#!/usr/bin/env python3
"""Every command on a tiny input with the n-th system call on its files failing: no space, an input or output error, interrupted, or
short. $FAIL_CALLS is the shared object that is preloaded for that (fail_calls.c). A word as argument tries only the command lines with
it."""

import os
import sys

import tries
from command_table import PROGRAM

SHIM = os.environ["FAIL_CALLS"]
KINDS = ("ENOSPC", "EIO", "EINTR", "SHORT")
MOST = 4000 if tries.IS_LONG else int(os.environ.get("CALLS", "16"))


def ways(count):
    """Which call fails, and how: all kinds of each in the long form, else one after another."""
    for k, n in enumerate(tries.chosen(count, MOST)):
        for kind in KINDS if tries.IS_LONG else (KINDS[k % len(KINDS)],):
            yield f"{n}", kind
        if tries.IS_LONG or k % 5 == 0:
            yield f"{n}+", "EIO"


def try_row(good, pool, account):
    count = tries.count_of(good, PROGRAM, {"LD_PRELOAD": SHIM})

    def attempt(way):
        environment = {"LD_PRELOAD": SHIM, "FAIL_CALL": way[0], "FAIL_KIND": way[1]}
        return tries.one_try(good, PROGRAM, environment, may_leave=way[0].endswith("+"))

    hows = list(ways(count))
    for how, outcome in zip(hows, pool.map(attempt, hows)):
        account.add(good.row, f"call {how[0]} of {count}: {how[1]}", outcome)


def can_fail(good):
    """A program that says nothing, and one that does nothing."""
    return all(tries.one_try(good, program, {})[1] for program in ("false", "true"))


if __name__ == "__main__":
    sys.exit(tries.run("failing calls", try_row, can_fail))
