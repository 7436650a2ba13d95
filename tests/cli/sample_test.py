#!/usr/bin/env python3
"""`diffuse sample` from outside: counts as demanded on the command line, the docs' examples, and wrong demands refused with what
was expected. $DIFFUSE is the program, $MODEL a small face model of the groups African and Asian."""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

PROGRAM, MODEL = os.environ["DIFFUSE"], os.environ["MODEL"]

WRONG = (  # options, exit status, a part of the sentence
    (["--share", "gender=male:0.8"], 2, "those of gender sum to 0.8, expected 1"),
    (["--share", "male:1"], 2, "expected gender=, ethnicity= or age= in front"),
    (["--share", "size=big:1"], 2, "expected gender=, ethnicity= or age= in front"),
    (["--share", "gender=male"], 2, "expected VALUE:NUMBER"),
    (["--share", "gender=man:1"], 2, "gender 'man', expected one of female, male"),
    (["--share", "gender=male:1e0"], 2, "at most 9 decimals, found '1e0'"),
    (["--share", "gender=male:0.0000000001"], 2, "at most 9 decimals"),
    (["--share", "gender=male:-1"], 2, "found '-1'"),
    (["--share", "gender=male:2"], 2, "from 0 to 1"),
    (["--share", "gender=male:0.5,male:0.5"], 2, "stands twice"),
    (["--share", "ethnicity=Martian:1"], 2, "expected one of African, Asian"),
    (["--share", "age=18-31:1"], 2, "expected one of 18-30, 30-45, 45-60, 60-76"),
    (["--share", "gender=male:1", "--balance", "gender"], 2, "equal shares already"),
    (["--mixture", "Martian:1"], 2, "expected one of African, Asian"),
    (["--mixture", "African:0.5"], 1, "the weights sum to 0.5, expected 1"),
    (["--mixture", "African:1", "--balance", "ethnicity"], 1, "leaves no ethnicity to deal"),
    (["--gender-value", "0.2", "--balance", "gender"], 1, "leaves no gender to deal"),
    (["--age-bins", "30"], 2, "1 edges, expected 2 to 16"),
    (["--age-bins", "30,20"], 1, "20 after 30"),
    (["--take", "gender=male:3"], 1, "from no file"),
    (["--take", "age=18-30:3"], 2, "expected gender="),
    (["--take", "gender=male:many"], 2, "expected a number of people"),
    (["--include", "nowhere.jsonl"], 1, "nowhere.jsonl"),
    (["--gaussian", "--balance", "ethnicity"], 1, "knows no ethnicities"),
    (["--min-distance", "40"], 1, "no distance of 40"),
)


def sample(folder, name, count, *options):
    """The people of a file that is made so."""
    path = Path(folder, name)
    subprocess.run([PROGRAM, "sample", "--model", MODEL, "--count", str(count), "--out", path, *options], check=True, cwd=folder)
    return [json.loads(line) for line in path.read_text().splitlines()]


def cells(people, *keys):
    return Counter(tuple(p[key] for key in keys) for p in people)


def check_counts(folder):
    people = sample(folder, "balanced.jsonl", 13, "--balance", "gender,ethnicity")
    assert sorted(cells(people, "gender", "ethnicity").values()) == [3, 3, 3, 4], "13 people in four cells"
    people = sample(folder, "men.jsonl", 25, "--share", "gender=male:0.88,female:0.12")
    assert cells(people, "gender") == {("male",): 22, ("female",): 3}, "0.88 and 0.12 of 25"
    people = sample(folder, "two.jsonl", 40, "--share", "ethnicity=African:0.25,mixture:0.75,age=60-76:0.1,18-30:0.9")
    assert cells(people, "ethnicity") == {("African",): 10, ("mixture",): 30}, "two traits in one list"
    assert sum(p["age"] >= 60 for p in people) == 4, "a tenth of 40"
    assert all(set(p["mixture"].values()) == {0.5} for p in people if p["ethnicity"] == "mixture")


def check_chosen(folder):
    people = sample(folder, "chosen.jsonl", 5, "--gender-value", "0.5", "--mixture", "African:0.25,Asian:0.75", "--age", "40", "--weight", "0.9")
    for p in people:
        assert p["gender"] == "male" and p["gender_value"] == 0.5 and p["ethnicity"] == "Asian" and p["age"] == 40 and p["weight"] == 0.9
        assert p["mixture"] == {"African": 0.25, "Asian": 0.75}


def check_include(folder):
    earlier = {json.dumps(p) for p in sample(folder, "earlier.jsonl", 60, "--balance", "gender,ethnicity", "--seed", "3")}
    people = sample(folder, "later.jsonl", 50, "--share", "gender=male:0.6,female:0.4", "--balance", "ethnicity", "--seed", "4",
                    "--include", "earlier.jsonl", "--take", "gender=male:30")
    kept = [p for p in people if json.dumps(p) in earlier]
    assert len(kept) == 30 and all(p["gender"] == "male" for p in kept), "all men of the earlier file, and nobody else"
    assert len({p["id"] for p in people}) == 50, "ids once"


def check_wrong(folder):
    for options, status, sentence in WRONG:
        words = [PROGRAM, "sample", "--model", MODEL, "--count", "20", "--out", "wrong.jsonl", *options]
        result = subprocess.run(words, cwd=folder, capture_output=True, text=True)
        assert result.returncode == status and sentence in result.stderr, f"{options}: {result.returncode}, {result.stderr!r}"
        assert not Path(folder, "wrong.jsonl").exists(), f"{options}: a file was written"


def main():
    with tempfile.TemporaryDirectory() as folder:
        for check in (check_counts, check_chosen, check_include, check_wrong):
            check(folder)


if __name__ == "__main__":
    sys.exit(main())
