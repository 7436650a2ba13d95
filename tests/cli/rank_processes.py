"""Processes that mpirun started, found through /proc."""

import os
import time


def rank_of(pid):
    """Its rank; None where it has none or has ended."""
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:
            for entry in file.read().split(b"\0"):
                if entry.startswith(b"OMPI_COMM_WORLD_RANK="):
                    return int(entry.split(b"=")[1])
    except OSError:
        pass
    return None


def children_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(word) for word in file.read().split()]


def works_in(pid, work):
    with open(f"/proc/{pid}/cmdline", "rb") as file:
        return work.encode() in file.read() or os.path.realpath(f"/proc/{pid}/cwd") == work


def ranks_at(work):
    found = []
    for pid in os.listdir("/proc"):
        try:
            if pid.isdigit() and rank_of(pid) is not None and works_in(pid, work):
                found.append(pid)
        except OSError:
            pass  # ended meanwhile
    return found


def ranks_left(work, seconds=10):
    """Processes with a rank that were started with the folder or in it and do not end so soon."""
    end = time.monotonic() + seconds
    left = ranks_at(work)
    while left and time.monotonic() < end:
        time.sleep(0.05)
        left = ranks_at(work)
    return left
