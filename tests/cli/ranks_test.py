#!/usr/bin/env python3
"""A set drawn under mpirun is the set of one process; a rank that fails or is killed ends the others, and --resume completes. Needs mpirun;
the program may be built with or without MPI."""
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from rank_processes import children_of, rank_of, ranks_left

DIFFUSE, MODEL = os.environ["DIFFUSE"], os.environ["MODEL"]
failures = 0


def check(sentence, is_good, why=""):
    global failures
    print(("ok: " if is_good else "FAILED: ") + sentence + ("" if is_good else f": {why}"))
    failures += not is_good


def files_of(folder):
    found = {}
    for top, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = os.path.join(top, name)
            with open(path, "rb") as file:
                found[os.path.relpath(path, folder)] = hashlib.sha256(file.read()).hexdigest()
    return found


mpirun = shutil.which("mpirun")
if not mpirun:
    print("skipped: mpirun is not there")
    sys.exit(0)
environment = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1", OMP_NUM_THREADS="1",
                   ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0")  # MPI's own
environment.pop("OMPI_COMM_WORLD_SIZE", None)
LAUNCH = [mpirun, "--oversubscribe", "-np"]
work = tempfile.mkdtemp()
ids = os.path.join(work, "ids.jsonl")
subprocess.run([DIFFUSE, "sample", "--model", MODEL, "--count", "7", "--balance", "gender", "--out", ids, "--quiet"], check=True,
               stdout=subprocess.DEVNULL)


def command(out, size, *more):
    return [DIFFUSE, "render", "--model", MODEL, "--identities", ids, "--per-identity", "6", "--size", size, "--labels", "depth", "--quiet", "--out",
            os.path.join(work, out), *more]


def launch(ranks, words):
    return subprocess.run([*LAUNCH, str(ranks), *words], capture_output=True, text=True, env=environment, timeout=120)


one = launch(1, command("one", "48"))
check("one rank is one process", one.returncode == 0 and "42 images" in one.stdout, one.stderr)
two = launch(2, command("two", "48"))
if "built without MPI" in two.stderr:
    check("a build without MPI refuses two ranks with a sentence", two.returncode != 0 and not os.path.exists(work + "/two"))
    print("skipped: the program is built without MPI")
    shutil.rmtree(work)
    sys.exit(failures > 0)
check("two ranks draw the set, and rank 0 alone tells of all", two.returncode == 0 and two.stdout.count("42 images, 42 made") == 1 and
      len(two.stdout.splitlines()) == 1, two.stdout + two.stderr)
subprocess.run(command("alone", "48"), check=True, stdout=subprocess.DEVNULL)
check("its bytes are those of one process without mpirun", files_of(work + "/two") == files_of(work + "/alone") == files_of(work + "/one"))

# ---- a rank that fails ----

many = launch(2, command("two", "48"))
said = [line for line in many.stderr.splitlines() if line.startswith("diffuse: ")]
check("ranks that fail alike say so once", many.returncode != 0 and len(said) == 1 and "rank 0 of 2" in said[0], many.stderr)
wrong = launch(2, command("none", "48", "--shard", "0/2"))
check("--shard under mpirun is wrong usage", wrong.returncode == 2 and not os.path.exists(work + "/none"), wrong.stderr)


# ---- a rank that is killed ----

subprocess.run(command("reference", "480"), check=True, stdout=subprocess.DEVNULL)
kills = 0
for attempt in range(8 if os.environ.get("DIFFUSE_SOAK") else 1):
    process = subprocess.Popen([*LAUNCH, "2", *command("killed", "480", "--resume")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               env=environment)
    started, victim = time.monotonic(), None
    while process.poll() is None and time.monotonic() - started < 30:
        ranks = {rank_of(pid): pid for pid in children_of(process.pid)}
        if 1 in ranks and os.path.exists(work + "/killed") and len(files_of(work + "/killed")) > 4 + 3 * attempt:
            victim = ranks[1]
            break
        time.sleep(0.01)
    if victim is None:
        process.communicate()
        break
    os.kill(victim, signal.SIGKILL)
    killed = time.monotonic()
    out, err = process.communicate(timeout=60)
    kills += 1
    said = [line for line in err.splitlines() if line.startswith("diffuse: ")]
    check("a killed rank ends the other within seconds, with at most a sentence", process.returncode != 0 and time.monotonic() - killed < 10 and
          len(said) <= 1 and (not said or "--resume" in said[0]), f"{time.monotonic() - killed:.1f} s, {err}")
    left = ranks_left(work)
    check("and no rank is left", left == [], str(left))
check("a rank was killed", kills > 0)
done = launch(2, command("killed", "480", "--resume"))
check("--resume completes it to the same bytes", done.returncode == 0 and files_of(work + "/killed") == files_of(work + "/reference"), done.stderr)
print(f"{kills} kills")
shutil.rmtree(work)
sys.exit(failures > 0)
