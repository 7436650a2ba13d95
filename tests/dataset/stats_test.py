#!/usr/bin/env python3
"""`diffuse dataset stats` from outside: every count, mean and measure of pixels is computed once more in Python from the manifest and
the PNG files; the commands of --fill are run, and the set that they make has no holes."""

import json
import math
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "exchange"))
from export_sets import demand, finish, images_of, imported_set, must, read_png, run  # noqa: E402

MODEL, PROGRAM = os.environ["MODEL"], os.environ["DIFFUSE"]
EDGES = {"yaw": (-95, -75, -55, -35, -25, -15, -5, 5, 15, 25, 35, 55, 75, 95), "pitch": (-65, -45, -25, -15, -5, 5, 15, 25, 45, 65),
         "age": (18, 30, 45, 60, 76), "expression_strength": (0, 0.2, 0.4, 0.6, 0.8, 1), "light.strength": (0, 0.2, 0.4, 0.6, 0.8, 1)}


def make_set(folder, people=8, images=6, *more):
    identities = folder.with_suffix(".jsonl")
    must("sample", "--model", MODEL, "--count", people, "--balance", "gender,ethnicity", "--out", identities, "--quiet")
    must("render", "--model", MODEL, "--identities", identities, "--per-identity", images, "--size", 48, "--band", "rgb", "--glasses", 0.3,
         "--sunglasses", 0.2, "--hat", 0.3, "--out", folder, "--quiet", *more)


def stats(folder, *more):
    return json.loads(must("dataset", "stats", folder, "--json", "--quiet", *more))


# ---- once more, slowly ----


def value(line, key):
    for part in key.split("."):
        line = line.get(part) if isinstance(line, dict) else None
    return line


def level(line, key):
    """As docs/stats.md says; None where it counts nowhere."""
    found = value(line, key)
    if found is None or found == "":
        return None
    if key in ("hat", "occluder"):
        return "none" if found == "none" else "worn"
    if key == "glasses":
        return "none" if found == "none" else "dark" if line["glasses_tint"] > 0.5 else "clear"
    if key not in EDGES:
        return str(found)
    edges = EDGES[key]
    last = len(edges) - 2
    if key != "age" and not edges[0] <= found <= edges[-1]:
        return None
    place = max([i for i in range(last + 1) if found >= edges[i]], default=0)
    return f"{edges[place]:.4g}{'-' if key == 'age' else ' to '}{edges[place + 1]:.4g}"


def check_pairs(result, lines):
    cells = 0
    for pair in result["pairs"]:
        counts = Counter((level(line, pair["rows"]), level(line, pair["columns"])) for line in lines)
        told = {(r, c): pair["counts"][i][j] for i, r in enumerate(pair["row_levels"]) for j, c in enumerate(pair["column_levels"])}
        wanted = {cell: n for cell, n in counts.items() if None not in cell}
        demand({cell: n for cell, n in told.items() if n} == wanted, f"{pair['rows']} and {pair['columns']}: {told}, counted {wanted}")
        cells += len(told)
    return cells


def check_measures(result, lines):
    by_name = {m["name"]: m for m in result["measures"]}
    for key in ("yaw", "pitch", "age", "light.strength", "sensor.gain", "distance"):
        values = [value(line, key) for line in lines]
        told = by_name[key]
        demand(math.isclose(told["mean"], sum(values) / len(values), rel_tol=1e-8, abs_tol=1e-8), f"mean of {key}")
        demand((told["low"], told["high"]) == (min(values), max(values)) and sum(told["bins"]["counts"]) == len(values), f"range of {key}")
    sides = [math.sqrt(line["box"][2] * line["box"][3]) / line["size"] for line in lines]
    demand(math.isclose(by_name["box_size"]["mean"], sum(sides) / len(sides), rel_tol=1e-5), "size of the box")  # floats in between


def luma(row, x, channels):
    """Rec. 709, rounded as the program rounds: within one level."""
    return 0.2126 * row[3 * x] + 0.7152 * row[3 * x + 1] + 0.0722 * row[3 * x + 2] if channels == 3 else row[x]


def pixels(folder, line):
    width, height, channels, rows = read_png((folder / line["image"]).read_bytes())
    x0, y0 = int(line["box"][0]), int(line["box"][1])
    x1, y1 = min(width, int(line["box"][0] + line["box"][2])), min(height, int(line["box"][1] + line["box"][3]))
    grey = [[luma(row, x, channels) for x in range(width)] for row in rows]
    inside = [grey[y][x] for y in range(y0, y1) for x in range(x0, x1)]
    curves = [4 * grey[y][x] - grey[y][x - 1] - grey[y][x + 1] - grey[y - 1][x] - grey[y + 1][x]
              for y in range(max(y0, 1), min(y1, height - 1)) for x in range(max(x0, 1), min(x1, width - 1))]
    mean = sum(inside) / len(inside)
    return {"exposure": mean / 255, "contrast": math.sqrt(sum((v - mean) ** 2 for v in inside) / len(inside)) / 255,
            "sharpness": math.sqrt(sum(c * c for c in curves) / len(curves)) / 255}


def check_pixels(result, folder, lines):
    """Rounding luma to whole levels moves a mean by half a level at most, and a Laplacian of up to 8 weights by 4."""
    measured = [pixels(folder, line) for line in lines]
    by_name = {m["name"]: m for m in result["measures"]}
    for name, room in (("exposure", 0.5 / 255), ("contrast", 0.5 / 255), ("sharpness", 2 / 255)):
        mean = sum(m[name] for m in measured) / len(measured)
        demand(abs(by_name[name]["mean"] - mean) <= room and by_name[name]["images"] == len(lines), f"{name}: {by_name[name]['mean']}, {mean}")
    for group in result["pixels_by_group"]:
        own = [m["exposure"] for m, line in zip(measured, lines) if line["ethnicity"] == group["group"]]
        demand(len(own) == group["images"] and abs(group["exposure"] - sum(own) / len(own)) <= 0.5 / 255, f"exposure of {group['group']}")


def check_holes(result, lines, wanted):
    holes = {tuple(sorted(h["cell"].items())): h["images"] for h in result["holes"]}
    slow = {}
    for pair in result["pairs"]:
        if "split" in (pair["rows"], pair["columns"]) or pair["rows"].startswith("attributes"):
            continue
        for i, r in enumerate(pair["row_levels"]):
            for j, c in enumerate(pair["column_levels"]):
                if pair["counts"][i][j] < wanted:
                    slow[tuple(sorted({pair["rows"]: r, pair["columns"]: c}.items()))] = pair["counts"][i][j]
    demand(holes == slow and result["hole_count"] == len(slow), f"{len(holes)} holes, counted {len(slow)}")
    return len(slow)


# ---- filling ----


def check_fill(top, folder, pairs, wanted):
    """The commands run as they stand, in a shell, and leave no hole of those kinds."""
    words = ("--pairs", pairs, "--holes", wanted)
    before = stats(folder, *words)
    script = must("dataset", "stats", folder, "--fill", "--model", MODEL, "--quiet", *words)
    path = f"{Path(PROGRAM).parent}:{os.environ['PATH']}"
    result = subprocess.run(["sh", "-e"], input=script, text=True, capture_output=True, env={**os.environ, "PATH": path}, cwd=top, timeout=300,
                            check=False)
    demand(result.returncode == 0, f"--fill: {result.stderr[:300]}")
    filled = Path(f"{folder}-filled")
    after = stats(filled, *words)
    demand(before["hole_count"] > 0 and after["hole_count"] == 0, f"{pairs}: {before['hole_count']} holes, then {after['holes']}")
    demand(run("dataset", "verify", filled, "--quiet").returncode == 0, "the filled set is sound")
    demand(must("dataset", "stats", filled, "--fill", "--model", MODEL, "--quiet", *words) == "", "a set without holes needs no commands")
    return before["hole_count"]


# ---- other sets ----


def check_imported(top):
    folder = top / "imported"
    imported_set(folder, Path(__file__).resolve().parents[1] / "fuzz/corpus/jpeg/grey.jpg")
    result = stats(folder, "--pairs", "gender:attributes.Young,age:attributes.Big Nose", "--sample", 0)
    check_pairs(result, images_of(folder))
    demand(result["images"] == 5 and not result["form"]["all_alike"] and result["measured_images"] == 5, "imported images")
    demand([m["name"] for m in result["measures"]][:2] == ["age", "box_size"], "measures of what the lines say")
    plain = top / "plain"
    imported_set(plain, Path(__file__).resolve().parents[1] / "fuzz/corpus/jpeg/grey.jpg")
    keep = ("image", "identity", "index", "imported", "width", "height", "channels", "bits", "sha256")
    (plain / "manifest.jsonl").write_text("".join(json.dumps({k: v for k, v in l.items() if k in keep}) + "\n" for l in images_of(plain)))
    result = stats(plain)
    demand(result["pairs"] == [] and result["hole_count"] == 0 and result["people"][0] == {"gender": "unknown", "group": "unknown", "people": 3,
                                                                                           "images": 5}, "a set that says nothing")
    result = run("dataset", "stats", plain, "--pairs", "gender:age", "--quiet")
    demand(result.returncode == 1 and b"no image has both" in result.stderr, "pairs that were asked for and are not there")


def check_page(top, folder):
    page = top / "stats.html"
    must("dataset", "stats", folder, "--html", page, "--fill", "--quiet")
    text = page.read_text()
    root = xml.etree.ElementTree.fromstring(text[text.index("<html"):])
    charts = len(root.findall(".//{http://www.w3.org/2000/svg}svg"))
    demand(charts > 25, f"{charts} charts")
    demand("diffuse sample" in text and "diffuse dataset merge" in text, "the commands are on the page")
    demand("faces: " in must("dataset", "stats", folder, "--quiet"), "text")


def main():
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as name:
        top = Path(name)
        folder = top / "faces"
        make_set(folder)
        must("dataset", "split", folder, "--write", "--quiet")
        lines = images_of(folder)
        result = stats(folder, "--sample", 0, "--holes", 3)
        demand((result["images"], result["identities"]) == (48, 8), "images and people")
        demand({(p["gender"], p["group"]): (p["people"], p["images"]) for p in result["people"]} ==
               {(g, e): (2, 12) for g in ("female", "male") for e in ("African", "Asian")}, "people by gender and group")
        cells = check_pairs(result, lines)
        check_measures(result, lines)
        check_pixels(result, folder, lines)
        holes = check_holes(result, lines, 3)
        sampled = stats(folder, "--sample", 7)
        demand(sampled["measured_images"] == 7, "a sample has its size")
        filled = check_fill(top, folder, "gender:age,group:glasses,yaw:hat,gender:light", 4)
        check_imported(top)
        check_page(top, folder)
    finish(f"{cells} cells counted again, {holes} holes found, {filled} filled")


if __name__ == "__main__":
    main()
