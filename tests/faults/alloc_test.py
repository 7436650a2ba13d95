#!/usr/bin/env python3
"""Every command on a tiny input with the n-th allocation failing: that one alone, and it with all after it. $FAULTY is the program
whose own allocations fail by order (fail_alloc.c). A word as argument tries only the command lines with it."""

import os
import sys

import tries

FAULTY = os.environ["FAULTY"]
MOST = 4000 if tries.IS_LONG else int(os.environ.get("ALLOCATIONS", "16"))


def try_row(good, pool, account):
    count = tries.count_of(good, FAULTY, {})
    # In the short form every second number alone, the others with all that follow.
    hows = [f"{n}{plus}" for n in tries.chosen(count, MOST) for plus in ("", "+") if tries.IS_LONG or (n % 2 == 0) == (plus == "")]
    for how, outcome in zip(hows, pool.map(lambda how: tries.one_try(good, FAULTY, {"FAIL_ALLOC": how}), hows)):
        account.add(good.row, f"allocation {how} of {count}", outcome)


def can_fail(good):
    """A program that says nothing, and one that is killed."""
    return all(tries.one_try(good, program, {})[1] for program in ("false", "true"))


if __name__ == "__main__":
    sys.exit(tries.run("failing allocations", try_row, can_fail))
