#!/usr/bin/env python3
"""`diffuse net train` stopped, killed or cut off at any moment goes on to the same weights; under mpirun two ranks are one of twice the batch,
and a killed one ends the other. Mpirun is not needed for the rest."""
import os
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zipfile

from rank_processes import children_of, rank_of, ranks_left

DIFFUSE = os.environ["DIFFUSE"]
failures = 0


def check(sentence, is_good, why=""):
    global failures
    print(("ok: " if is_good else "FAILED: ") + sentence + ("" if is_good else f": {why}"))
    failures += not is_good


def write_npz(path, arrays):
    with zipfile.ZipFile(path, "w") as file:
        for name, (shape, values) in arrays.items():
            header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + "".join(f"{n}, " for n in shape) + "), }"
            header = header.ljust(117) + "\n"
            file.writestr(name + ".npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() +
                          struct.pack(f"<{len(values)}f", *values))


def read_losses(path):
    with zipfile.ZipFile(path) as file:
        data = file.read("loss.npy")
    start = 10 + struct.unpack("<H", data[8:10])[0]
    return struct.unpack(f"<{(len(data) - start) // 4}f", data[start:])


work = tempfile.mkdtemp()
os.chdir(work)
draw = random.Random(3)
BATCHES, N, SIDE, CLASSES, STEPS = 4, 2, 32, 3, 16
pixels = [draw.uniform(-1, 1) for _ in range(BATCHES * N * 3 * SIDE * SIDE)]
labels = [draw.randrange(CLASSES) for _ in range(BATCHES * N)]
write_npz("in.npz", {"x": ((BATCHES, N, 3, SIDE, SIDE), pixels), "y": ((BATCHES, N), labels)})
environment = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1", OMP_WAIT_POLICY="passive",
                   ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0")  # MPI's own
environment.pop("OMPI_COMM_WORLD_SIZE", None)


def words(name, *more, data="in.npz", steps=STEPS):
    return [DIFFUSE, "net", "train", "mobilenet_v2", "--weights", "rule:", "--classes", str(CLASSES), "--input", data, "--output", name + ".npz",
            "--weights-out", name + ".safetensors", "--steps", str(steps), "--threads", "1", "--lr", "0.001", "--momentum", "0.9",
            "--schedule", "cosine", "--warm-up", "2", "--clip", "1", *more]


def run(command):
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300)


def weights(name):
    with open(name + ".safetensors", "rb") as file:
        return file.read()


def checkpoints(folder):
    return sorted(name for name in os.listdir(folder) if not name.startswith(".")) if os.path.isdir(folder) else []


whole = run(words("whole"))
check("a training ends", whole.returncode == 0 and len(read_losses("whole.npz")) == STEPS, whole.stderr)

# ---- killed at any moment ----

kills, notes = 0, ""
for attempt in range(60):
    process = subprocess.Popen(words("killed", "--checkpoints", "killed", "--resume", "--save-steps", "2"), env=environment,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    known, began = checkpoints("killed"), time.monotonic()
    while kills < 4 and process.poll() is None and checkpoints("killed") == known and time.monotonic() - began < 60:
        time.sleep(0.002)
    if kills < 4 and process.poll() is None:
        time.sleep(draw.uniform(0, 0.03))
        process.kill()
        kills += 1
    notes += process.communicate()[1]
    if process.returncode == 0:
        break
check(f"killed {kills} times and resumed it gives the same weights, bit for bit", kills > 1 and process.returncode == 0 and
      weights("killed") == weights("whole"), notes)
check("and no half written file is left", not [name for name in os.listdir("killed") if name.startswith(".")], str(os.listdir("killed")))
check("the last two checkpoints are kept", checkpoints("killed") == [f"checkpoint-{step:09d}.safetensors" for step in (STEPS - 2, STEPS)],
      str(checkpoints("killed")))

# ---- the newest one cut ----

newest = os.path.join("killed", checkpoints("killed")[-1])
os.truncate(newest, os.path.getsize(newest) // 2)
cut = run(words("cut", "--checkpoints", "killed", "--resume"))
check("of a checkpoint that is cut the one before is used, and that is said", cut.returncode == 0 and weights("cut") == weights("whole") and
      "the checkpoint before is used" in cut.stderr, cut.stderr)
losses = read_losses("cut.npz")
check("losses of steps that were done before are no numbers", all(loss != loss for loss in losses[:-2]) and losses[-2:] == read_losses("whole.npz")[-2:],
      str(losses))
other = run([word if word != "0.001" else "0.002" for word in words("other", "--checkpoints", "killed", "--resume")])
check("another training's checkpoints are refused by the setting's name", other.returncode == 1 and "rate was 0.001, and is 0.002 now" in other.stderr,
      other.stderr)
other = run(words("other", "--checkpoints", "killed"))
check("without --resume a folder with checkpoints is refused", other.returncode == 1 and "resume it, or take another folder" in other.stderr,
      other.stderr)
other = run(words("other", "--resume"))
check("--resume without --checkpoints is wrong usage", other.returncode == 2, other.stderr)

# ---- signals ----

for number, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
    name = f"signal{status}"
    process = subprocess.Popen(words(name, "--checkpoints", name, "--save-steps", "3", "--resume", steps=100000), env=environment, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True)
    while process.poll() is None and not checkpoints(name):
        time.sleep(0.002)
    process.send_signal(number)
    said = process.communicate(timeout=60)[1]
    check(f"signal {number} ends it with {status} and a way to go on", process.returncode == status and "--resume goes on" in said, f"{process.returncode}: {said}")
    check("what was done is kept", len(checkpoints(name)) > 0)

# ---- what cannot be learned from ----

for name, broken, part in (("range", [3] + labels[1:], "sample 0 has label 3, expected a whole number from 0 to 2"),
                           ("single", [1] * len(labels), "all 8 samples have label 1")):
    write_npz(name + "-in.npz", {"x": ((BATCHES, N, 3, SIDE, SIDE), pixels), "y": ((BATCHES, N), broken)})
    done = run(words(name, data=name + "-in.npz"))
    check(f"labels are refused: {part}", done.returncode == 1 and part in done.stderr, done.stderr)
write_npz("nan-in.npz", {"x": ((BATCHES, N, 3, SIDE, SIDE), pixels[:-1] + [float("nan")]), "y": ((BATCHES, N), labels)})
lost = run(words("lost", "--checkpoints", "lost", "--save-steps", "2", data="nan-in.npz"))
check("a loss that is no number says step, cause and the last good checkpoint", lost.returncode == 1 and "after step 3 of" in lost.stderr and
      "input 'x' has a value that is not finite, the first in sample 1" in lost.stderr and "checkpoint-000000002" in lost.stderr, lost.stderr)

# ---- ranks ----

mpirun = shutil.which("mpirun")
LAUNCH = [mpirun, "--oversubscribe", "-np", "2"]
two = run([*LAUNCH, *words("two", "--rank-norm", "each")]) if mpirun else None
if not mpirun or "built without MPI" in two.stderr:
    print("skipped: no mpirun, or the program is built without MPI")
    shutil.rmtree(work)
    sys.exit(failures > 0)
one = run(words("one", "--accumulate", "2"))


def parameters(name):
    """Bytes of the tensors that are no running values, by name: those are a mean over ranks, and the last of micro batches."""
    import json
    data = weights(name)
    size = struct.unpack("<Q", data[:8])[0]
    head = json.loads(data[8:8 + size])
    return {key: data[8 + size + entry["data_offsets"][0]:8 + size + entry["data_offsets"][1]] for key, entry in head.items()
            if key != "__metadata__" and "running" not in key}


check("two ranks give the weights of one that takes two batches a step", two.returncode == 0 and one.returncode == 0 and
      parameters("two") == parameters("one"), two.stderr + one.stderr)
check("and its losses to rounding", all(abs(a - b) < 1e-6 * max(1, abs(b)) for a, b in zip(read_losses("two.npz"), read_losses("one.npz"))),
      str((read_losses("two.npz"), read_losses("one.npz"))))
refused = run([*LAUNCH, *words("refused")])
check("batch normalisation under ranks is refused unless asked for", refused.returncode == 1 and "2 ranks would each do by their own part" in refused.stderr and
      refused.stderr.count("diffuse: ") == 1, refused.stderr)

together = [*LAUNCH, *words("ranks", "--rank-norm", "each", "--checkpoints", "ranks", "--save-steps", "2", "--resume")]
process = subprocess.Popen(together, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
while process.poll() is None and not checkpoints("ranks"):
    time.sleep(0.002)
for pid in children_of(process.pid) if process.poll() is None else ():
    if rank_of(pid) == 1:
        os.kill(pid, signal.SIGKILL)
said = process.communicate(timeout=120)[1]
check("a killed rank ends the other, with a sentence", process.returncode != 0 and said != "" and said.count("diffuse: ") <= 1, said)
left = ranks_left(work)
check("and no rank is left", left == [], str(left))
again = run(together)
check("--resume completes it to the same weights", again.returncode == 0 and weights("ranks") == weights("two"), again.stderr)

shutil.rmtree(work)
sys.exit(failures > 0)
