#!/usr/bin/env python3
"""`diffuse auth eval` and `diffuse latent score` as a user runs them: pages, JSON, groups of a set, warnings, bad input. Arrays are written by
hand, without NumPy. $DIFFUSE is the program, $MODEL a small face model."""

import json
import os
import random
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path

PROGRAM, MODEL = os.environ["DIFFUSE"], os.environ["MODEL"]
PEOPLE, EACH, LENGTH = 12, 4, 8
faults = []


def demand(is_right, sentence):
    if not is_right:
        faults.append(sentence)


def run(*words):
    return subprocess.run([PROGRAM, *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)


def must(*words):
    result = run(*words)
    if result.returncode != 0:
        sys.exit(f"{' '.join(map(str, words))}: {result.stderr}")
    return result


def npy(description, shape, data):
    header = f"{{'descr': '{description}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + data


def write_npz(path, **arrays):
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            archive.writestr(name + ".npy", array)
    return path


def embeddings(path, names, labels, length=LENGTH, spoil=None):
    """Around a point for each label; spoil: a row that becomes zeros."""
    chance, rows = random.Random(3), []
    centres = {label: [chance.gauss(0, 1) for _ in range(length)] for label in labels}
    for i, label in enumerate(labels):
        rows += [0.0 if i == spoil else value + chance.gauss(0, 0.6) for value in centres[label]]
    width = max(map(len, names))
    return write_npz(path, embedding=npy("<f4", (len(labels), length), struct.pack(f"<{len(rows)}f", *rows)),
                     label=npy("<i8", (len(labels),), struct.pack(f"<{len(labels)}q", *labels)),
                     name=npy(f"|S{width}", (len(names),), b"".join(name.encode().ljust(width, b"\0") for name in names)))


def evaluate(*words, exits=0):
    result = run("auth", "eval", "--embeddings", *words)
    demand(result.returncode == exits, f"eval {words}: exit {result.returncode}, expected {exits}: {result.stderr}")
    return result


def groups_of_a_set(folder):
    """A rendered set says who its images show; the page and the JSON beside it hold what is printed."""
    must("sample", "--model", MODEL, "--count", PEOPLE, "--balance", "gender", "--out", folder / "ids.jsonl", "--quiet")
    must("render", "--model", MODEL, "--identities", folder / "ids.jsonl", "--per-identity", EACH, "--size", 32, "--out", folder / "set", "--quiet")
    lines = [json.loads(line) for line in (folder / "set/manifest.jsonl").read_text().splitlines()]
    people = sorted({line["identity"] for line in lines})
    path = embeddings(folder / "set.npz", [line["image"] for line in lines], [people.index(line["identity"]) for line in lines])
    found = json.loads(evaluate(path, "--groups", "gender,ethnicity", "--manifest", folder / "set", "--at", "1e-2", "--bootstrap", 50, "--html",
                                folder / "page.html", "--json", "--quiet").stdout)
    demand(found["genuine"] == PEOPLE * EACH * (EACH - 1) // 2, f"genuine: {found['genuine']}")
    axes = {axis["name"]: axis for axis in found["groups"]["axes"]}
    demand(list(axes) == ["gender", "ethnicity", "gender x ethnicity"], f"axes: {list(axes)}")
    gender = axes["gender"]
    demand([group["images"] for group in gender["groups"]] == [PEOPLE * EACH // 2] * 2, f"gender: {gender}")
    pairs = sum(group["fmr"]["pairs"] for group in gender["groups"]) + sum(cell["fmr"]["pairs"] for cell in gender["cross"])
    accepted = sum(group["fmr"]["errors"] for group in gender["groups"]) + sum(cell["fmr"]["errors"] for cell in gender["cross"])
    demand(pairs == found["impostor"], f"impostors of all groups: {pairs}, {found['impostor']}")
    demand(accepted <= found["impostor"] // 100, f"accepted at 1e-2: {accepted}")
    demand(sum(group["fnmr"]["errors"] for group in gender["groups"]) == round(found["frr"]["1e-2"] * found["genuine"]), "FNMR of groups")
    page = (folder / "page.html").read_text()
    ElementTree.fromstring(page[page.index("<html"):])
    demand("By gender x ethnicity" in page and page.count("<svg") == 3 + 2 * 3, f"page: {page.count('<svg')} charts")
    demand(json.loads((folder / "page.json").read_text()) == found, "the JSON beside the page differs")


def threads_and_seeds(path):
    words = (path, "--json", "--quiet", "--bootstrap", 200)
    one, three = (evaluate(*words, "--threads", n).stdout for n in (1, 3))
    demand(one == three, "one thread and three say different things")
    other = json.loads(evaluate(*words, "--seed", 5).stdout)
    demand(other["frr"] == json.loads(one)["frr"] and other["intervals"] != json.loads(one)["intervals"], "a seed changes intervals alone")


def few_pairs_have_no_rate(path):
    result = evaluate(path, "--json", "--bootstrap", 0)
    found = json.loads(result.stdout)
    demand(found["frr"]["1e-6"] is None and found["threshold"]["1e-6"] is None and found["intervals"]["eer"] is None, f"few: {found['frr']}")
    demand("FAR 1e-6" in result.stderr and "rule of three" in result.stderr, f"warning: {result.stderr}")
    guessed = evaluate(path, "--extrapolate", "--quiet").stdout
    demand("extrapolated" in guessed, f"extrapolate: {guessed}")
    beyond = json.loads(evaluate(path, "--extrapolate", "--json", "--quiet").stdout)["extrapolated"]
    demand("extrapolation" in beyond["method"] and beyond["rates"]["1e-6"]["frr"] >= found["frr"]["1e-3"], f"tail: {beyond}")


def a_list(folder, path):
    pairs = folder / "pairs.txt"
    pairs.write_text("1\t2\np0\t1\t2\np1\t1\t3\np0\t1\tp1\t1\np2\t2\tp3\t4\n")
    found = json.loads(evaluate(path, "--pairs", pairs, "--json", "--quiet").stdout)
    demand(found["genuine"] == found["impostor"] == 2 and "identification" not in found, f"list: {found}")
    pairs.write_text("1\t2\np0\t1\t2\np1\t1\t9\n")
    said = evaluate(path, "--pairs", pairs, exits=1).stderr
    demand("pairs.txt: line 3" in said and "p1_0009" in said, f"bad list: {said}")


def bad_input(folder, names, labels):
    said = evaluate(embeddings(folder / "zero.npz", names, labels, spoil=5), exits=1).stderr
    demand("zero.npz" in said and "row 5 is zero" in said, f"zero: {said}")
    said = evaluate(embeddings(folder / "alone.npz", names, range(len(names))), exits=1).stderr
    demand("no genuine pair" in said, f"alone: {said}")
    one_alone = embeddings(folder / "one.npz", names, [*labels[:-1], 77])
    demand("1 of 41 people have one image" in evaluate(one_alone).stderr, "a person of one image")
    table = folder / "groups.csv"
    table.write_text("label,gender\n0,f\n")
    said = evaluate(folder / "one.npz", "--groups", "gender", "--manifest", table, exits=1).stderr
    demand("groups.csv: says nothing of embedding 4" in said, f"groups: {said}")
    evaluate(folder / "one.npz", "--groups", "gender", exits=2)
    evaluate(folder / "one.npz", "--html", folder / "x.json", exits=1)
    demand(not (folder / "x.json").exists(), "half a page was left")


def scores(folder):
    path = write_npz(folder / "r.npz", importance=npy("<f8", (2, 2), struct.pack("<4d", 3, 3, 2, 0)))
    demand(must("latent", "score", "--importance", path).stdout.split()[:2] == ["disentanglement", "0.2500"], "DCI in words")
    demand(run("latent", "score").returncode == 2, "nothing to score")
    said = run("latent", "score", "--codes", path).stderr
    demand("r.npz: no array 'codes'" in said, f"codes: {said}")


def main():
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        people = range(40)
        names = [f"p{person}_{image + 1:04d}" for person in people for image in range(EACH)]
        labels = [person for person in people for _ in range(EACH)]
        path = embeddings(folder / "e.npz", names, labels)
        groups_of_a_set(folder)
        threads_and_seeds(path)
        few_pairs_have_no_rate(path)
        a_list(folder, path)
        bad_input(folder, names, labels)
        scores(folder)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
