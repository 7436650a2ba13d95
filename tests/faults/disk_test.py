#!/usr/bin/env python3
"""Every command on a disk that is full after some pages, for as many numbers of pages as its files take; once there is room again, it goes
on to the same bytes. The disk is a small tmpfs where this process may mount one, and else, and besides, a limit on the size of files.
A word as argument tries only the command lines with it."""

import os
import resource
import subprocess
import sys

import tries
from command_table import diffuse

PAGE, ROOM = 4096, 64 << 20
MOST = 500 if tries.IS_LONG else int(os.environ.get("PAGES", "5"))


class Disk:
    """A tmpfs on base/disk, so that the inputs are in ../in from there."""

    def __init__(self, base):
        self.folder = base / "disk"
        self.folder.mkdir(exist_ok=True)

    def __enter__(self):
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(self.folder)], capture_output=True)
        self.is_there = mounted.returncode == 0
        return self

    def __exit__(self, *_):
        if self.is_there:
            subprocess.run(["umount", str(self.folder)], check=True)

    def fill(self, keep):
        """Takes all pages but `keep`."""
        at = os.statvfs(self.folder)
        filler = self.folder / ".filler"
        with open(filler, "wb") as out:
            os.posix_fallocate(out.fileno(), 0, max(1, at.f_bavail * at.f_bsize - keep * PAGE))
        return filler


def pages_of(folder):
    """Blocks and folders that a good run takes."""
    return sum(1 + path.lstat().st_size // PAGE for path in folder.rglob("*"))


def on_full_disk(good, disk, pages):
    def launch(place):
        filler = disk.fill(pages)
        result = diffuse(place, good.row.words)
        filler.unlink()
        return result

    with tries.Place(good, disk.folder) as place:
        return tries.judge(good, place, launch, may_leave=False)


def with_limit(good, size):
    def launch(place):
        return diffuse(place, good.row.words, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)))

    with tries.Place(good) as place:
        return tries.judge(good, place, launch, may_leave=False)


def try_row(good, pool, account):
    with tries.Place(good) as place:
        diffuse(place, good.row.words)
        pages, largest = pages_of(place), max([path.stat().st_size for path in place.rglob("*")], default=0)
    if largest == 0:
        return  # it only prints
    for size in (0, 1, largest // 2, largest - 1):
        account.add(good.row, f"files of {size} bytes", with_limit(good, size))
    with Disk(good.base) as disk:
        for free in tries.chosen(pages, MOST) if disk.is_there else ():
            account.add(good.row, f"{free - 1} of {pages} pages free", on_full_disk(good, disk, free - 1))


def can_fail(good):
    """A disk with room, on which nothing goes wrong, and a program that says nothing."""
    return bool(tries.one_try(good, "false", {})[1])


if __name__ == "__main__":
    sys.exit(tries.run("full disks", try_row, can_fail))
