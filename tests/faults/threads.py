#!/usr/bin/env python3
"""Every command line of the table once, with four threads, by a program that reports races ($DIFFUSE, built by `make threads`). A word
as argument tries only the command lines with it."""

import sys
import tempfile
from pathlib import Path

import command_table
import tries


def main():
    only = sys.argv[1] if len(sys.argv) > 1 else ""
    rows, _ = command_table.rows(tries.IS_LONG)
    faults, count = [], 0
    with tempfile.TemporaryDirectory() as name:
        command_table.make_inputs(name)
        for row in rows:
            if only not in row.words:
                continue
            row = row._replace(words=row.words.replace("--threads 2", "--threads 4"))
            count += 1
            try:
                tries.Good(Path(name), row)
            except AssertionError as error:
                faults.append(str(error).replace("\\n", "\n"))
    for fault in faults:
        print(fault)
    print(f"{count} command lines, {len(faults)} with a report of a race or a failure")
    return 66 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
