#!/usr/bin/env python3
"""`diffuse runs list`, `compare` and `plot` on runs that the test writes. $DIFFUSE is the program."""

import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

PROGRAM = os.environ["DIFFUSE"]
faults = []


def demand(is_right, sentence):
    if not is_right:
        faults.append(sentence)


def runs(*words, exits=0):
    result = subprocess.run([PROGRAM, "runs", *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    demand(result.returncode == exits, f"runs {words}: exit {result.returncode}, expected {exits}: {result.stderr}")
    return result


def write_run(folder, rate, losses):
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps({"what": "attributes", "rate": rate, "batch": 32}))
    lines = [{"step": 10 * i, "wall": 1000 + 60 * i, "loss": loss, **({"valid/auc": 0.5 + i / 10} if i % 2 else {})} for i, loss in enumerate(losses)]
    (folder / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))


def listing(base):
    found = json.loads(runs("list", base, "--json").stdout)
    demand([Path(r["run"]).name for r in found] == ["fast", "slow"], f"list: {found}")
    demand(found[0]["step"] == 30 and found[0]["minutes"] == 3 and found[0]["last"] == {"loss": 0.4, "valid/auc": 0.8}, f"list: {found[0]}")
    text = runs("list", base, "--metric", "loss").stdout
    demand("fast: attributes, step 30, 3.0 min" in text and "auc" not in text, f"list: {text}")


def comparison(base):
    found = json.loads(runs("compare", base / "fast", base / "slow", "--json").stdout)
    demand(found["settings"] == {"rate": [0.1, 0.01]}, f"settings: {found['settings']}")
    expected = {"last": 0.4, "lowest": 0.3, "lowest_step": 20, "highest": 0.9, "highest_step": 0}
    demand(found["metrics"]["loss"][0] == expected, f"loss: {found['metrics']['loss'][0]}")
    text = runs("compare", base).stdout
    demand("rate" in text and "batch" not in text and "valid/auc" in text, f"compare: {text}")


def plots(base):
    runs("plot", base, "--out", base / "page.html", "--svg", base / "charts", "--smooth", "0.5")
    ElementTree.parse(base / "page.html")
    names = sorted(path.name for path in (base / "charts").iterdir())
    demand(names == ["loss.svg", "valid-auc.svg"], f"charts: {names}")
    svg = ElementTree.parse(base / "charts/loss.svg").getroot()
    text = "".join(svg.itertext())
    demand("fast" in text and "slow" in text and "step" in text, f"chart: {text[:300]}")


def mistakes(base):
    demand("no run has it" in runs("list", base, "--metric", "acuracy", exits=1).stderr, "an unknown metric")
    demand("expected --out" in runs("plot", base, exits=2).stderr, "neither page nor charts")
    demand("no folder" in runs("list", base / "nothing", exits=1).stderr, "a missing folder")
    (base / "slow/run.json").write_text("[]")
    demand("run.json: expected an object" in runs("list", base, exits=1).stderr, "settings that are none")
    (base / "slow/run.json").unlink()
    runs("list", base)
    for i in range(8):
        write_run(base / f"more/{i}", i, [1, 2])
    demand("at most 8" in runs("plot", base, "--out", base / "page.html", exits=1).stderr, "more runs than colours")


def main():
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder, "runs with blanks")
        write_run(base / "fast", 0.1, [0.9, 0.5, 0.3, 0.4])
        write_run(base / "slow", 0.01, [0.9, 0.8, 0.7])
        listing(base)
        comparison(base)
        plots(base)
        mistakes(base)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
