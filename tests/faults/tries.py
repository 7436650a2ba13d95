"""Tries a row of command_table.py with the n-th of something failing, n = 1, 2, ... until the command succeeds, and judges each try: exit
0 with everything as it should be, or exit 1 with one sentence; nothing half written; the inputs untouched; and after that the command
itself completes to the same bytes."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import command_table
from command_table import diffuse

IS_LONG = bool(os.environ.get("DIFFUSE_SOAK"))
TIMED = ("metrics.jsonl", "events.out.tfevents.diffuse")
EACH = (int(os.environ.get("EACH", "1")) + 1) // 2  # of the rows, for slow builds


def is_unfinished(path):
    """Whether a file lies under one of the hidden names that the program gives to what it has not finished, or to what keeps others out meanwhile."""
    return any(part.startswith(".") and part.endswith((".tmp", ".part", ".lock")) for part in Path(path).parts)


def tree(folder):
    """Path and hash of every file, links and empty folders left out; what the program keeps for itself in .diffuse too, and what a training
    writes with the time of the day."""
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(Path(folder).rglob("*"))
            if path.is_file() and ".diffuse" not in path.parts and path.name not in TIMED}


def chosen(count, most):
    """At most about `most` numbers from 1 to count: the first third one by one, the rest spread, the last always."""
    if count <= most:
        return list(range(1, count + 1))
    first = most // 3
    step = max(1, (count - first) // (most - first))
    return sorted(set(range(1, first + 1)) | set(range(first + 1, count + 1, step)) | {count})


class Good:
    """What a row makes when nothing fails."""

    def __init__(self, base, row):
        self.row, self.base = row, base
        with Place(self) as place:
            self.before = tree(place)
            result = diffuse(place, row.words)
            assert result.returncode == 0, f"{row.words}: {result.returncode} {result.stderr}"
            self.files, self.out = tree(place), result.stdout


class Place:
    """An empty folder beside the inputs for one try, with copies of what the command changes; or the one given, emptied."""

    def __init__(self, good, folder=None):
        self.good, self.given = good, folder

    def __enter__(self):
        self.folder = self.given or Path(tempfile.mkdtemp(dir=self.good.base))
        for name in self.good.row.copies:
            shutil.copytree(self.good.base / "in" / name, self.folder / name)
        return self.folder

    def __exit__(self, *_):
        if not self.given:
            shutil.rmtree(self.folder)
            return
        for path in self.folder.iterdir():
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def judge_end(good, result):
    """Faults of how the command ended."""
    said = result.stderr.decode("utf-8", "replace").splitlines()
    if result.returncode not in (0, 1):
        return [f"status {result.returncode}, said {said[-12:]}"]
    if good.row.names:
        said = said[-1:]
    if result.returncode == 1 and (len(said) != 1 or not said[0].startswith("diffuse: ") or len(said[0]) < 20):
        return [f"expected one sentence, found {said[-12:]}"]
    return []


REASONS = ("out of memory", "line 1, column", "Input/output error", "No space left", "Interrupted", "Too many open files", "File too large")


def tells(place, page):
    """The page is whole and says what it could not show; its pictures may then be others."""
    text = (place / page).read_text() if page and (place / page).exists() else ""
    return text.endswith("</html>\n") and any(reason in text for reason in REASONS)


def judge_files(good, place, result):
    """Faults of what is left: nothing half, nothing with a temporary name, and everything if the command says so."""
    left, faults = tree(place), []
    if result.returncode == 0 and tells(place, good.row.page):
        return [f"left {path}" for path in left if is_unfinished(path)]
    if result.returncode == 0 and good.row.names and any(reason in result.stderr.decode() for reason in REASONS):
        return [f"left {path}" for path in left if is_unfinished(path)]
    if result.returncode == 0 and left != good.files:
        faults.append(f"exit 0, but the files are not right: {sorted(set(left.items()) ^ set(good.files.items()))[:4]}")
    for path, digest in left.items():
        if digest not in (good.files.get(path), good.before.get(path)):
            faults.append(f"left {path}, which is not what it should be")
    return faults


def judge_again(good, place, may_leave):
    """Faults of going on when the cause is gone. may_leave: temporary files, as they could not be removed."""
    row, left = good.row, {path: digest for path, digest in tree(place).items() if not (may_leave and is_unfinished(path))}
    if left == good.files or row.names or (left == good.before and not row.resume):
        return []  # all is done, or nothing is left and what goes on begins
    result = diffuse(place, row.words + (" " + row.resume if row.resume and row.resume not in row.words and any(place.iterdir()) else ""))
    if result.returncode != 0:
        return [f"going on fails: {result.returncode} {result.stderr}"]
    now = {path: digest for path, digest in tree(place).items() if not (may_leave and is_unfinished(path))}
    return [] if now == good.files else [f"going on gives other files: {sorted(set(now.items()) ^ set(good.files.items()))[:4]}"]


def judge(good, place, launch, may_leave):
    """Status and faults of launch(place), which runs the command there, and of what is left and can be made of it."""
    try:
        result = launch(place)
    except subprocess.TimeoutExpired:
        return -1, ["no end"]
    faults = judge_end(good, result)
    if not may_leave:
        faults += judge_files(good, place, result)
    if not faults or may_leave:
        faults += judge_again(good, place, may_leave)
    return result.returncode, faults


def one_try(good, program, environment, may_leave=False):
    """The same of the command with that environment. may_leave: what is left may have temporary names, as removing failed."""
    with Place(good) as place:
        return judge(good, place, lambda folder: diffuse(folder, good.row.words, program, env={**os.environ, **environment}), may_leave)


class Account:
    """Counts of everything tried, and the faults."""

    def __init__(self, what):
        self.what, self.tried, self.failed, self.faults = what, 0, 0, []

    def add(self, row, how, outcome):
        status, faults = outcome
        self.tried += 1
        self.failed += status == 1
        self.faults += [f"{row.words} [{how}]: {fault}" for fault in faults]

    def finish(self, commands):
        for fault in self.faults[:40]:
            print(fault)
        print(f"{self.tried} {self.what} in {commands} command lines: {self.failed} refused with a sentence, "
              f"{self.tried - self.failed} made no difference, {len(self.faults)} faults")
        return 1 if self.faults or self.tried == 0 else 0


def count_of(good, program, environment):
    """How many of what can fail the row asks for when nothing does."""
    with Place(good) as place:
        report = place.parent / (place.name + ".report")
        result = diffuse(place, good.row.words, program, env={**os.environ, **environment, "FAIL_REPORT": str(report)})
        assert result.returncode == 0, f"{good.row.words}: {result.returncode} {result.stderr}"
        return max(int(line) for line in report.read_text().split())


def try_one_row(base, row, try_row, pool, account):
    try:
        try_row(Good(base, row), pool, account)
    except (AssertionError, OSError, ValueError) as error:
        account.faults.append(f"{row.words}: {type(error).__name__}: {error}")


def run(what, try_row, can_fail):
    """Walks the rows. try_row(good, pool, account) tries one; can_fail(good) is the test of the test."""
    account = Account(what)
    only = sys.argv[1] if len(sys.argv) > 1 else ""
    rows, missing = command_table.rows(IS_LONG)
    rows = [row for k, row in enumerate(rows) if IS_LONG or only or k % EACH == 0]
    account.faults += [f"{name}: no row in command_table.py" for name in missing]
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(2) as pool:
        inputs = command_table.make_inputs(name)
        before = tree(inputs)
        if not can_fail(Good(Path(name), next(row for row in command_table.ROWS if row.words.startswith("sample")))):
            account.faults.append("the test finds no fault where there is one")
        for row in rows:
            if only in row.words:
                try_one_row(Path(name), row, try_row, pool, account)
        if tree(inputs) != before:
            account.faults.append(f"the inputs were changed: {set(tree(inputs).items()) ^ set(before.items())}")
    return account.finish(len(rows))
