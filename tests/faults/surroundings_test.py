#!/usr/bin/env python3
"""Every command in other surroundings: a German locale, another time zone, umask 077, standard streams closed or full, no terminal, no
environment; and with its output at places as users have them: blanks and other letters, a long path, a folder, a file, a link, a device,
a file system that is read-only. The same bytes, or one sentence and nothing changed. A word as argument tries only the command lines
with it."""

import os
import subprocess
import sys
from pathlib import Path

import tries
from command_table import diffuse



def some(things, account):
    """All in the long form; else two, others for each command line."""
    things = list(things)
    at = account.tried % len(things)
    return things if tries.IS_LONG else (things + things)[at:at + 2]


def german(folder):
    """The environment of a German locale, made in the folder by localedef, once; without that the C library's own."""
    if not folder.exists():
        folder.mkdir()
        subprocess.run(["localedef", "-i", "de_DE", "-f", "UTF-8", str(folder / "de_DE.UTF-8")], capture_output=True)
    return {"LC_ALL": "de_DE.UTF-8", "LOCPATH": str(folder)} if (folder / "de_DE.UTF-8").exists() else {"LC_ALL": "C.UTF-8"}


def surroundings(folder):
    """What, and the settings of the process."""
    here = dict(os.environ)
    yield "a German locale", {"env": {**here, **german(folder)}}
    yield "a locale that is not there and another time zone", {"env": {**here, "LC_ALL": "xx_XX", "TZ": "Asia/Kathmandu"}}
    yield "no environment", {"env": {}}
    yield "umask 077 and a session without terminal", {"preexec_fn": lambda: os.umask(0o077), "start_new_session": True}
    yield "standard input and error closed", {"preexec_fn": lambda: (os.close(0), os.close(2))}


def try_surroundings(good, folder, account):
    for what, settings in some(surroundings(folder), account):
        with tries.Place(good) as place:
            result = diffuse(place, good.row.words, **settings)
            faults = [] if result.returncode == 0 else [f"status {result.returncode}, said {result.stderr}"]
            if tries.tree(place) != good.files:
                faults.append("the files are others")
            tells_time = b" in " in good.out or b"seconds" in good.out
            if result.stdout != good.out and not tells_time:
                faults.append(f"printed {result.stdout[:200]}, expected {good.out[:200]}")
            account.add(good.row, what, (result.returncode, faults))


def try_no_reader(good, account):
    """`diffuse ... | head -0` and a full standard output: the files are right all the same, or there is a sentence."""
    reader, gone = os.pipe()
    os.close(reader)
    with open("/dev/full", "wb") as full, open(gone, "wb"):
        for what, out, allowed in (("a reader that went away", gone, (0,)), ("a full standard output", full, (0, 1))):
            with tries.Place(good) as place:
                result = diffuse(place, good.row.words, stdout=out)
                faults = tries.judge_end(good, result)
                if result.returncode not in allowed or (good.files and tries.tree(place) != good.files):
                    faults.append(f"status {result.returncode}, or other files")
                account.add(good.row, what, (result.returncode, faults))


def outputs(words):
    """Index of what follows --out."""
    return [i + 1 for i, word in enumerate(words) if word == "--out"]


def try_place(good, what, prepare, to, account):
    """The command with its output at `to`, after prepare(place); right where it succeeds, else nothing is changed."""
    words = good.row.words.split()
    for at in outputs(words):
        ending = "".join(Path(words[at]).suffixes)
        with tries.Place(good) as place:
            prepare(place, ending)
            before = tries.tree(place)
            result = subprocess.run([os.environ["DIFFUSE"], *words[:at], to.replace("%", ending), *words[at + 1:]], cwd=place,
                                    stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
            faults = [] if result.returncode == 2 and not to else tries.judge_end(good, result)
            if result.returncode and tries.tree(place) != before:
                faults.append(f"failed and changed {sorted(set(tries.tree(place).items()) ^ set(before.items()))[:3]}")
            if [path for path in tries.tree(place) if path.endswith(".tmp")]:
                faults.append("left a temporary file")
            account.add(good.row, what, (result.returncode, faults))


def nothing(place, ending):
    pass


def in_the_way(place, ending):
    (place / f"there{ending}").mkdir()
    (place / f"there{ending}" / "kept").write_text("kept")


def a_file(place, ending):
    (place / "file").write_text("kept")


def a_link(place, ending):
    (place / f"link{ending}").symlink_to(f"target{ending}")


PLACES = (
    ("blanks and other letters", nothing, "mit Leerzeichen/ümlaut ☃ name%"),
    ("a long name", nothing, "n" * 240 + "%"),
    ("a name too long", nothing, "n" * 300 + "%"),
    ("a path too long", nothing, "p/" * 3000 + "x%"),
    ("a folder in the way", in_the_way, "there%"),
    ("below a file", a_file, "file/below/x%"),
    ("a link to nothing", a_link, "link%"),
    ("a device", nothing, "/dev/full"),
    ("a file system without files of its own", nothing, "/proc/x%"),
    ("an empty name", nothing, ""),
)


def make_parent(prepare, to):
    """A command makes files, not the folders above them."""
    def both(place, ending):
        prepare(place, ending)
        if to.startswith("mit "):
            (place / "mit Leerzeichen").mkdir()
    return both


def try_row(good, pool, account):
    try_surroundings(good, good.base / "locales", account)
    try_no_reader(good, account)
    for what, prepare, to in some(PLACES, account):
        try_place(good, what, make_parent(prepare, to), to, account)


def can_fail(good):
    account = tries.Account("")
    other = tries.Good(good.base, good.row)
    other.files = {"another": "file"}
    try_surroundings(other, good.base / "locales", account)
    return len(account.faults) >= 2


if __name__ == "__main__":
    sys.exit(tries.run("surroundings and places", try_row, can_fail))
