#!/usr/bin/env python3
"""SIGINT and SIGTERM stop a long command within two seconds, with status 130 and 143, one sentence and no half file; a command
that ignores them would be found. $DIFFUSE is the program, $MODEL a small face model."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROGRAM, MODEL = os.environ["DIFFUSE"], os.environ["MODEL"]
STATUS = {signal.SIGINT: 130, signal.SIGTERM: 143}


def stop(argv, number, folder):
    """Faults of one run that is sent the signal once it is well under way."""
    process = subprocess.Popen(argv, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    time.sleep(0.4)
    sent = time.monotonic()
    process.send_signal(number)
    try:
        said = process.communicate(timeout=10)[1].decode()
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return [f"{number.name}: no end"]
    faults = []
    if time.monotonic() - sent > 2:
        faults.append(f"{number.name}: stopped after {time.monotonic() - sent:.1f} s")
    if process.returncode != STATUS[number]:
        faults.append(f"{number.name}: expected status {STATUS[number]}, found {process.returncode}")
    if len(said.splitlines()) != 1 or not said.startswith("diffuse: "):
        faults.append(f"{number.name}: expected one sentence, found {said!r}")
    left = [path.name for path in folder.iterdir()]
    if left:
        faults.append(f"{number.name}: left {left}")
    return faults


def main():
    faults = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in STATUS:
            faults += stop([PROGRAM, "sample", "--model", MODEL, "--count", "1000000000", "--out", "people.jsonl", "--quiet"], number, folder)
        if not stop(["sleep", "5"], signal.SIGTERM, folder):
            faults.append("the test finds no fault in a program that says nothing")
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
