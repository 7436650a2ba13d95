#!/usr/bin/env python3
"""`diffuse dataset subset`, `split` and `merge` from outside. Conditions are compared with Python's own evaluation of thousands of
random ones; shares with counting; new sets with `verify` and byte by byte; and what is refused leaves nothing behind."""

import fcntl
import json
import os
import random
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "exchange"))
from export_sets import demand, finish, images_of, imported_set, lines_of, must, rendered_set, run  # noqa: E402

NUMBERS = ("yaw", "pitch", "age", "index", "light.strength", "box[2]", "sensor.gain", "expression_strength")
TEXTS = {"gender": ("female", "male"), "glasses": ("none", "rounded", "x"), "hat": ("none",), "identity": ("000001", "000003")}


# ---- random conditions, for us and for Python ----


def number(dice, depth):
    kind = dice.randrange(6 if depth > 0 else 2)
    if kind == 0:
        name = dice.choice(NUMBERS)
        return name, f"get(line, {name!r})"
    if kind == 1:
        text = f"{dice.uniform(-40, 80):.3f}"
        return text.replace("-", "- ") if dice.randrange(2) else text, text
    ours, theirs = number(dice, depth - 1)
    if kind == 2:
        return f"abs({ours})", f"abs({theirs})"
    if kind == 3:
        return f"-({ours})", f"-({theirs})"
    more, python = number(dice, depth - 1)
    if kind == 4:
        which = dice.choice(("min", "max"))
        return f"{which}({ours}, {more})", f"{which}({theirs}, {python})"
    sign = dice.choice("+-*")
    return f"({ours} {sign} {more})", f"({theirs} {sign} {python})"


def truth(dice, depth):
    kind = dice.randrange(5 if depth > 0 else 2)
    if kind == 0:
        (a, pa), (b, pb), sign = number(dice, 2), number(dice, 2), dice.choice(("<", "<=", ">", ">=", "==", "!="))
        return f"{a} {sign} {b}", f"({pa} {sign} {pb})"
    if kind == 1:
        name = dice.choice(tuple(TEXTS))
        values = [dice.choice(TEXTS[name]) for _ in range(dice.randrange(1, 4))]
        negated = dice.choice(("", "not "))
        return (f"{name} {negated}in ({', '.join(json.dumps(v) for v in values)})",
                f"(get(line, {name!r}) {negated}in ({', '.join(map(repr, values))},))")
    ours, theirs = truth(dice, depth - 1)
    if kind == 2:
        return f"not ({ours})", f"(not {theirs})"
    more, python = truth(dice, depth - 1)
    word = "and" if kind == 3 else "or"
    return f"({ours}) {word} ({more})", f"({theirs} {word} {python})"


def get(line, name):
    for part in name.replace("[2]", "").split("."):
        line = line[part]
    return line[2] if name.endswith("]") else line


def check_conditions(folder):
    dice, lines, tried = random.Random(7), images_of(folder), int(os.environ.get("EACH", 1))
    count = 2000 if os.environ.get("DIFFUSE_SOAK") else max(5, 30 // tried)
    for _ in range(count):
        ours, theirs = truth(dice, 3)
        wanted = [line["image"] for line in lines if eval(theirs, {"get": get, "line": line})]  # pylint: disable=eval-used
        found = must("dataset", "subset", folder, "--where", ours, "--list", "--quiet").split()
        demand(found == wanted, f"{ours}: {len(found)} images, Python finds {len(wanted)}")
    return count


# ---- new sets ----


def check_set(folder, what):
    result = run("dataset", "verify", folder, "--quiet")
    demand(result.returncode == 0, f"{what}: verify says {result.stdout.decode()[:200]}{result.stderr.decode()[:200]}")
    return json.loads((Path(folder) / ".diffuse" / "derived.json").read_text())


def files_below(folder):
    return sorted(str(p.relative_to(folder)) for p in Path(folder).rglob("*") if p.is_file() and ".diffuse" not in p.parts)


def check_subset(top, folder):
    taken = [line for line in lines_of(folder) if json.loads(line)["yaw"] > 0]
    must("dataset", "subset", folder, "--where", "yaw > 0", "--out", top / "right", "--quiet")
    must("dataset", "subset", folder, "--where", "yaw > 0", "--out", top / "copied/deep", "--copy", "--quiet")
    source = check_set(top / "right", "a subset")
    check_set(top / "copied/deep", "a copied subset")
    demand(lines_of(top / "right") == taken, "a subset's lines are those of the set, byte for byte")
    demand(files_below(top / "right") == files_below(top / "copied/deep"), "a linked and a copied subset have the same files")
    image = json.loads(taken[0])["image"]
    demand(os.path.samefile(top / "right" / image, folder / image), "files are links")
    demand(not os.path.samefile(top / "copied/deep" / image, folder / image), "with --copy they are copies")
    demand(source["how"] == "yaw > 0" and source["sources"][0]["images"] == len(taken), "derived.json says how and how many")
    demand((top / "right/identities.jsonl").read_bytes() == (folder / "identities.jsonl").read_bytes(), "the people go with it")
    result = json.loads(must("dataset", "subset", folder, "--where", "yaw > 0", "--count", "--json", "--quiet"))
    demand(result["images"] == len(taken) and result["of_images"] == len(lines_of(folder)), "counts")


def check_split(top, folder):
    people = {line["identity"]: line for line in images_of(folder)}
    must("dataset", "split", folder, "--parts", "train:0.5,valid:0.25,test:0.25", "--stratify", "gender,age", "--out", top / "parts", "--quiet")
    parts = {}
    for name in ("train", "valid", "test"):
        source = check_set(top / "parts" / name, f"part {name}")
        demand(source["how"].startswith(f"part {name} of train:0.5,valid:0.25,test:0.25 by identity"), "derived.json says how")
        lines = images_of(top / "parts" / name)
        demand(all(line["split"] == name for line in lines), "lines say their part")
        parts.update({line["identity"]: name for line in lines})
    demand(sum(len(images_of(top / "parts" / n)) for n in ("train", "valid", "test")) == len(lines_of(folder)), "nothing lost or doubled")
    counts = Counter(parts.values())
    demand(counts == {"train": len(people) // 2, "valid": len(people) // 4, "test": len(people) // 4}, f"totals are exact: {counts}")
    by_gender = Counter((line["gender"], parts[who]) for who, line in people.items())
    demand(all(abs(by_gender[g, "train"] - sum(l["gender"] == g for l in people.values()) / 2) <= 4 for g in ("male", "female")), "strata")
    # Into the manifest, from a set with its identities in reverse order: the same people in the same parts.
    reversed_set(folder, top / "reversed")
    must("dataset", "split", top / "reversed", "--parts", "train:0.5,valid:0.25,test:0.25", "--stratify", "gender,age", "--write", "--quiet")
    again = {line["identity"]: line["split"] for line in images_of(top / "reversed")}
    demand(again == parts, "who goes where does not depend on the order of the lines")
    demand([line[:line.rindex(",\"split\"")] + "}" for line in lines_of(top / "reversed")] ==
           [line for line in sorted(lines_of(folder), key=lambda l: (-int(json.loads(l)["identity"]), json.loads(l)["index"]))],
           "all else stays as it was, byte for byte")
    refused(top, ["split", top / "reversed", "--write"], "has the part", "--replace deals anew")
    must("dataset", "split", top / "reversed", "--by", "image", "--parts", "a:1,b:2", "--write", "--replace", "--stratify", "glasses", "--quiet")
    lines = images_of(top / "reversed")
    for glasses, size in Counter(line["glasses"] for line in lines).items():
        part = sum(line["split"] == "a" for line in lines if line["glasses"] == glasses)
        demand(size // 3 <= part <= (size + 2) // 3, f"{part} of {size} images with glasses {glasses} in a third")
    demand(abs(sum(line["split"] == "a" for line in lines) - len(lines) / 3) <= 0.5, "the total is exact")
    demand(not [p for p in top.iterdir() if p.name.startswith(".")], "nothing hidden stays")


def reversed_set(folder, copy):
    shutil.copytree(folder, copy, copy_function=os.link, ignore=shutil.ignore_patterns("manifest.jsonl", ".diffuse"))
    order = sorted(lines_of(folder), key=lambda l: (-int(json.loads(l)["identity"]), json.loads(l)["index"]))
    (copy / "manifest.jsonl").write_text("".join(line + "\n" for line in order))


def check_merge(top, folder):
    must("dataset", "merge", top / "parts/train", top / "parts/test", "--out", top / "joined", "--quiet")
    source = check_set(top / "joined", "a merged set")
    demand(lines_of(top / "joined") == lines_of(top / "parts/train") + lines_of(top / "parts/test"), "lines follow each other")
    demand([s["images"] for s in source["sources"]] == [len(lines_of(top / "parts" / n)) for n in ("train", "test")], "sources are counted")
    rendered_set(top / "others", people=4, images=2)
    result = json.loads(must("dataset", "merge", folder, top / "joined", top / "others", "--out", top / "all", "--json", "--quiet"))
    check_set(top / "all", "three sets")
    lines, before = images_of(top / "all"), images_of(folder)
    joined = len(lines_of(top / "joined"))
    demand(result["images"] == len(lines) == len(before) + joined + 8, "all images are there")
    demand(lines[:len(before)] == before, "the first set stays as it is")
    second, third = lines[len(before):len(before) + joined], lines[len(before) + joined:]
    demand(all(l["identity"] == "s2-" + l["renamed_from"] and l["image"].startswith(l["identity"] + "/") for l in second), "s2-ID")
    demand(all(l["identity"] == "s3-" + l["renamed_from"] for l in third), "s3-ID")
    demand(all(l["labels"]["depth"] == f"labels/depth/{l['image']}" for l in second), "labels move too")
    kept = [{k: v for k, v in l.items() if k not in ("identity", "image", "labels", "renamed_from", "split")} for l in second]
    of_source = [{k: v for k, v in l.items() if k not in ("identity", "image", "labels", "split")} for l in images_of(top / "joined")]
    demand(kept == of_source, "nothing else of a renamed line changes")
    demand(len(list((top / "all/.diffuse").glob("identities-*.jsonl"))) == 2, "the people of both jobs go with it")
    # A name that a prefix would give is there already; ids that were renamed keep their first name.
    must("dataset", "merge", top / "all", folder, "--out", top / "more", "--quiet")
    check_set(top / "more", "four sets")
    demand(any(l["identity"].startswith("s2-s2-") and l["renamed_from"] == l["identity"][6:] for l in images_of(top / "more")), "s2-s2-ID")
    must("dataset", "subset", top / "more", "--where", "has(renamed_from)", "--out", top / "renamed", "--quiet")
    source = check_set(top / "renamed", "a subset of a merged set")
    demand(sum(s["images"] for s in source["sources"]) == len(lines_of(top / "renamed")), "sources of sources are counted")


def check_imported(top, folder):
    imported_set(top / "imported", Path(__file__).resolve().parents[1] / "fuzz/corpus/jpeg/grey.jpg")
    must("dataset", "merge", top / "imported", folder, "--out", top / "mixed", "--quiet")
    demand(len(lines_of(top / "mixed")) == len(lines_of(folder)) + 5, "imported images of any form join rendered ones")
    found = must("dataset", "subset", top / "imported", "--where", "attributes.\"Big Nose\" == 1 and attributes.Young == -1", "--count", "--quiet")
    demand(found == "3\n", f"attributes with blanks: {found}")


# ---- what is refused ----


def tree(top, words):
    """What lies in the folder of all sets and in the sets named, hidden names too; .diffuse may come, with a lock that holds nothing."""
    folders = [top, *(word for word in words if isinstance(word, Path) and word.is_dir())]
    return [sorted(n for n in os.listdir(f) if n != ".diffuse") + [p.stat().st_mtime_ns for p in f.glob("manifest.jsonl")] for f in folders]


def refused(top, words, *says, status=1):
    """One sentence, and nothing new on the disk."""
    before = tree(top, words)
    result = run("dataset", *words, "--quiet")
    text = result.stderr.decode()
    demand(result.returncode == status and all(s in text for s in says), f"{words}: exit {result.returncode}, {text!r}, expected {says}")
    demand(status == 2 or text.count("\n") == 1, f"{words}: {text.count(chr(10))} lines, expected one sentence")
    demand(tree(top, words) == before, f"{words}: something was left on the disk")
    return 1


def broken_set(top, folder, name, change):
    """The set with its lines changed."""
    copy = top / name
    shutil.copytree(folder, copy, copy_function=os.link, ignore=shutil.ignore_patterns("manifest.jsonl", ".diffuse"))
    (copy / "manifest.jsonl").write_text("".join(line + "\n" for line in change(lines_of(folder))))
    return copy


BROKEN = {  # name: the change of the lines, a part of the sentence
    "no-json": (lambda l: l[:3] + ["{'image': 3}"] + l[4:], "line 4: line 1, column"),
    "cut": (lambda l: l[:3] + [l[3][:200]] + l[4:], "line 4: line 1, column"),
    "of-other-version": (lambda l: l[:3] + ['{"version":9,"file":"000001/0000.png"}'] + l[4:], "line 4: a line of version 9, expected 1"),
    "of-no-object": (lambda l: l[:3] + ["7"] + l[4:], "line 4: expected a JSON object"),
    "twice": (lambda l: l[:4] + [l[3]] + l[4:], "line 5: index"),
    "swapped": (lambda l: [l[1], l[0]] + l[2:], "line 2: index 0 of identity"),
    "apart": (lambda l: l[1:] + [l[0]], "had lines before, expected them side by side"),
    "away": (lambda l: [l[0].replace('"000000/0000.png"', '"../faces/000000/0000.png"')] + l[1:], "no path below the data set's folder"),
}


def check_refused(top, folder):
    tried = 0
    for name, (change, says) in BROKEN.items():
        broken = broken_set(top, folder, name, change)
        for words in (["subset", broken, "--where", "yaw > 0", "--out", top / "x"], ["split", broken, "--out", top / "x"],
                      ["split", broken, "--write"], ["merge", folder, broken, "--out", top / "x"], ["stats", broken]):
            tried += refused(top, words, "manifest.jsonl, " if name != "apart" else "", says)
    missing = broken_set(top, folder, "missing", lambda l: l)
    os.unlink(missing / "000002/0001.png")
    os.mkdir(missing / "000002/0001.png")
    tried += refused(top, ["subset", missing, "--where", "true", "--out", top / "x"], "0001.png: expected a file")
    os.rmdir(missing / "000002/0001.png")
    for words in (["subset", missing, "--where", "true", "--out", top / "x"], ["split", missing, "--out", top / "x"],
                  ["merge", top / "others", missing, "--out", top / "x"], ["stats", missing]):
        tried += refused(top, words, "0001.png")
    small = top / "small"
    must("sample", "--model", os.environ["MODEL"], "--count", "2", "--out", top / "small.jsonl", "--quiet")
    must("render", "--model", os.environ["MODEL"], "--identities", top / "small.jsonl", "--per-identity", "1", "--size", "32", "--out", small,
         "--band", "rgb", "--quiet")
    tried += refused(top, ["merge", folder, small, "--out", top / "x"], "32 x 32 pixels, 3 channels of 8 bits; the images before have 48 x 48")
    must("dataset", "merge", folder, small, "--mixed", "--out", top / "of-sizes", "--quiet")
    tried += refused(top, ["merge", folder, str(folder) + "/", "--out", top / "x"], "the same folder")
    tried += refused(top, ["merge", folder, broken_set(top, folder, "copy", lambda l: l), "--out", top / "x"], "the same manifest")
    tried += refused(top, ["merge", folder, small, "--mixed", "--out", folder], "is there already")
    tried += refused(top, ["merge", folder, top / "nowhere", "--out", top / "x"], "nowhere")
    tried += refused(top, ["merge", folder, "--out", top / "x"], "1 data sets, expected 2 to", status=2)
    tried += refused(top, ["subset", folder, "--where", "yaw > 999", "--out", top / "x"], "none of 48 images meets the condition")
    tried += refused(top, ["subset", folder, "--where", "yav > 0", "--out", top / "x"], "no line has 'yav'; near names: yaw")
    tried += refused(top, ["subset", folder, "--where", "glasses > 0", "--out", top / "x"], "line 1: glasses: the text")
    tried += refused(top, ["subset", folder, "--where", "yaw >", "--out", top / "x"], "column 6: the condition ends")
    tried += refused(top, ["subset", folder, "--where", "true"], "one of --out, --list and --count", status=2)
    tried += refused(top, ["split", folder, "--stratify", "glasses"], "other values in --stratify")
    tried += refused(top, ["split", folder, "--stratify", "yaw"], "yaw: a number with a fraction")
    tried += refused(top, ["split", folder, "--parts", "a:1,a:2"], "'a' is there twice", status=2)
    tried += refused(top, ["split", folder, "--parts", "../a:1"], "expected NAME:SHARE", status=2)
    tried += refused(top, ["split", folder, "--parts", "a:0"], "above 0", status=2)
    return tried + check_leftovers(top, folder) + check_busy(top, folder)


def check_leftovers(top, folder):
    """What a killed run left goes away; what another one is making is left alone."""
    (top / ".y.part/y/000001").mkdir(parents=True)
    (top / ".y.part/y/000001/junk").write_text("junk")
    held = os.open(top / ".y.part", os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    tried = refused(top, ["subset", folder, "--where", "true", "--out", top / "y"], "another process is writing it")
    os.close(held)
    must("dataset", "subset", folder, "--where", "true", "--out", top / "y", "--quiet")
    check_set(top / "y", "a set in the place of a killed run")
    demand(not (top / ".y.part").exists() and not (top / "y/000001/junk").exists(), "what a killed run left is gone")
    return tried


def check_busy(top, folder):
    """A set that a process renders into or changes, and one whose run has not ended."""
    tried = 0
    with open(folder / ".diffuse/run.lock", "r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        for words in (["subset", folder, "--where", "true", "--out", top / "x"], ["split", folder, "--write"], ["stats", folder],
                      ["merge", top / "small", folder, "--out", top / "x"]):
            tried += refused(top, words, "another process")
    begun = broken_set(top, folder, "begun", lambda l: l)
    os.unlink(begun / "manifest.jsonl")
    return tried + refused(top, ["subset", begun, "--where", "true", "--out", top / "x"], "manifest.jsonl")


def main():
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as name:
        top = Path(name)
        folder = top / "faces"
        rendered_set(folder, people=16, images=3)
        conditions = check_conditions(folder)
        check_subset(top, folder)
        check_split(top, folder)
        check_merge(top, folder)
        check_imported(top, folder)
        tried = check_refused(top, folder)
    finish(f"{conditions} random conditions against Python, {tried} refusals")


if __name__ == "__main__":
    main()
