#!/usr/bin/env python3
"""`render --plan` makes nothing and says what comes: images and files exactly, bytes as the set then has them, shards that add up."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

DIFFUSE, MODEL = os.environ["DIFFUSE"], os.environ["MODEL"]
failures = 0


def check(sentence, is_good, why=""):
    global failures
    print(("ok: " if is_good else "FAILED: ") + sentence + ("" if is_good else f": {why}"))
    failures += not is_good


work = tempfile.mkdtemp()
places = os.path.join(work, "places")
os.mkdir(places)
ids, out = os.path.join(work, "ids.jsonl"), os.path.join(work, "set")
subprocess.run([DIFFUSE, "sample", "--model", MODEL, "--count", "30", "--balance", "gender", "--out", ids, "--quiet"], check=True,
               stdout=subprocess.DEVNULL)


def render(*more, expect=0):
    done = subprocess.run([DIFFUSE, "render", "--model", MODEL, "--identities", ids, "--per-identity", "8", "--size", "64", "--labels",
                           "depth,segmentation", "--threads", "2", "--quiet", "--out", out, *more], capture_output=True, text=True,
                          env=dict(os.environ, TMPDIR=places))
    check("exit " + " ".join(more), done.returncode == expect, done.stderr)
    return done.stdout


memory = set(name for name in os.listdir("/dev/shm") if name.startswith("diffuse-plan")) if os.path.isdir("/dev/shm") else set()
plan = json.loads(render("--plan", "--json"))
text = render("--plan", "--shard", "1/4")
check("the table says images, size, time, memory, shard and what was measured", all(
    word in text for word in ["240 of 30 people, 720 files", "on disk", "time", "memory", "shard 1 of 4", "Measured on 16 images"]), text)
check("nothing is made", not os.path.exists(out) and os.listdir(places) == [] and memory == set(
    name for name in os.listdir("/dev/shm") if name.startswith("diffuse-plan")))
whole = plan["set"]
check("images, people and files are exact", (whole["images"], whole["identities"], whole["files"]) == (240, 30, 720), str(whole))
check("numbers are positive", all(whole[key] > 0 for key in ["seconds", "hours", "disk_bytes"]) and plan["memory_bytes"] > 1e6)

shards = [json.loads(render("--plan", "--json", "--shard", f"{k}/4"))["shard"] for k in range(4)]
check("shards add up", sum(s["images"] for s in shards) == 240 and sum(s["identities"] for s in shards) == 30, str(shards))
only = json.loads(render("--plan", "--json", "--only", "000003/5"))
check("one image is one image", only["set"]["images"] == 1)

render()
sizes = {"image_bytes": 0, "label_bytes": 0, "manifest_bytes": os.path.getsize(out + "/manifest.jsonl")}
with open(out + "/manifest.jsonl") as file:
    for line in map(json.loads, file):
        sizes["image_bytes"] += os.path.getsize(f"{out}/{line['image']}")
        sizes["label_bytes"] += sum(os.path.getsize(f"{out}/{path}") for path in line["labels"].values())
for key, size in sizes.items():
    ratio = whole[key] / size
    check(f"{key} within a tenth (planned / made = {ratio:.3f})", 0.9 < ratio < 1.1)  # 16 images stand for 240 that vary
render("--plan", "--json")
check("a plan beside a set leaves it alone", os.path.exists(out + "/manifest.jsonl"))
shutil.rmtree(work)
sys.exit(failures > 0)
