#!/usr/bin/env python3
"""Every option of every command with no value, a word, a negative, an overflow, NaN, twice, and options that do not exist,
generated from the tables (`diffuse help --json`): exit 2 and the usage line where the row forbids it, never a crash, never
anything written. $DIFFUSE is the program; $EACH=7 tries only each seventh command line, for slow builds."""

import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PROGRAM = os.environ["DIFFUSE"]
WORDS = ("word", "-", "nan", "NaN", "inf", "-inf", "1e999", "0x10", "1 ", " 1", "1x", "", "--", "%s%n", "\N{SNOWMAN}" * 90)
NUMBERS = ("-99999999999999999999", "99999999999999999999999", "1e400", "-1e400")
NUMERIC = ("integer", "unsigned", "number", "range", "numbers")


class Faults(list):
    def demand(self, is_right, words, sentence, result):
        if not is_right:
            self.append(f"diffuse {' '.join(map(repr, words))}: {sentence}; status {result.returncode}, said {result.stderr.strip()[:300]!r}")


def run(words, folder, program=PROGRAM):
    environment = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder / "no-data"), "OMP_NUM_THREADS": "1"}
    return subprocess.run([program, *words], cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          errors="replace", timeout=60)


def good_value(row):
    """A value that the row allows; files do not exist."""
    if row["choices"]:
        return row["choices"][0]
    if row["kind"] in NUMERIC:
        low, high = row["limits"] or (0, 1)
        return str(int(low)) if row["kind"] in ("integer", "unsigned") else repr(float(low))
    return "missing/file" if row["argument"] in ("FILE", "DIR") else "word"


def required(command, but=None):
    """The words without which the command is wrong usage, with files that do not exist."""
    words = []
    for row in command["options"]:
        if row["required"] and row["name"] != but:
            words += [good_value(row)] if row["positional"] else ["--" + row["name"], good_value(row)]
    return words


def bad_values(row):
    if row["kind"] in NUMERIC or row["choices"]:
        yield from WORDS
        yield from NUMBERS[1:] if row["kind"] == "unsigned" else NUMBERS
    else:
        yield ""
    if row["kind"] == "unsigned":
        yield "-1"
    if row["kind"] == "range":
        yield from ("2:1", "1:2:3", "1:", "1:nan")
    if row["limits"]:
        yield from (repr(row["limits"][0] - 1), repr(row["limits"][1] + 1))


def option_cases(command, row):
    """Pairs of words and whether they are wrong usage by the table alone."""
    base, name = required(command, row["name"]), "--" + row["name"]
    if row["kind"] == "flag":
        yield base + [name, name], True
        yield base + [name + "=1"], True
        return
    for value in bad_values(row):
        yield base + [f"{name}={value}"], True
    yield base + [name], True
    yield base + [name, "--help-me"], True
    if not row["repeats"]:
        yield base + [name, good_value(row), name, good_value(row)], True
    if row["kind"] in ("string", "list") and not row["choices"]:
        for value in ("word", "a=b", "a:b", ":", "=", "-5", "nan", "x" * 5000):
            yield base + [f"{name}={value}"], False


def cases(command):
    start = [command["name"]] + ([command["verb"]] if command["verb"] else [])
    yield start + required(command) + ["--no-such-option", "1"], True
    yield start + required(command) + ["-x"], True
    takes_many = any(row["positional"] and row["repeats"] for row in command["options"])
    yield start + required(command) + ["one", "argument", "too", "many"], not takes_many
    for row in command["options"]:
        if row["required"]:
            yield start + required(command, row["name"]), True
        if row["positional"]:
            for value in bad_values(row):
                yield start + [value] + required(command, row["name"]), True
        else:
            for words, is_wrong in option_cases(command, row):
                yield start + words, is_wrong


def try_case(words, is_wrong, folder, faults, program=PROGRAM):
    result = run(words, folder if is_wrong else folder / "free", program)
    lines = result.stderr.strip().split("\n")
    faults.demand(result.returncode in ((2,) if is_wrong else (0, 1, 2)), words, f"expected exit {'2' if is_wrong else '0, 1 or 2'}", result)
    if result.returncode == 2:
        faults.demand(len(lines) == 2 and lines[1].startswith("usage: diffuse "), words, "expected a sentence and the usage line", result)
    if result.returncode == 1:
        faults.demand(len(lines) == 1 and lines[0].startswith("diffuse: "), words, "expected one sentence", result)


def can_fail(folder):
    """The test of the test: a program that accepts everything, and one that fails without a sentence, are at fault."""
    for program, is_wrong in (("true", True), ("false", False), ("false", True)):
        faults = Faults()
        try_case(["x"], is_wrong, folder, faults, program)
        if not faults:
            return False
    return True


def main():
    faults, count = Faults(), 0
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(2) as pool:
        folder = Path(name)
        (folder / "free").mkdir()  # where command lines that are not wrong usage may write
        if not can_fail(folder):
            faults.append("the test finds no fault in programs that have some")
        commands = json.loads(run(["help", "--json"], folder).stdout)
        jobs = [(words, is_wrong) for command in commands for words, is_wrong in cases(command)]
        jobs += [(["no-such-command"], True), ([], True), (["model", "no-such-verb"], True), (["--no-such-option"], True), ([""], True)]
        jobs = jobs[:: int(os.environ.get("EACH", "1"))]
        for _ in pool.map(lambda job: try_case(*job, folder, faults), jobs):
            count += 1
        left = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if "free" not in path.parts)
    if left:
        faults.append(f"something was written: {left}")
    for fault in faults:
        print(fault)
    print(f"{count} command lines of {len(commands)} commands, {len(faults)} faults")
    return 1 if faults or count < 100 else 0


if __name__ == "__main__":
    sys.exit(main())
