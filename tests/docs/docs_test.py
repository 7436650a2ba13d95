#!/usr/bin/env python3
"""Commands in README.md and docs/ parse, options and commands named in the text exist, links lead somewhere, every page is listed."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DIFFUSE = os.environ["DIFFUSE"]
FENCE = re.compile(r"^ {0,3}```")
LINK = re.compile(r"!?\[[^\]\n]*\]\(([^)\s]+)\)")
SPAN = re.compile(r"`([^`\n]+)`")
OPTION = re.compile(r"(?<![\w-])--([a-z][a-z0-9-]*)")


def blocks_and_text(markdown):
    """The lines of fenced and indented code, and everything else."""
    code, text, is_fenced, after_blank = [], [], False, True
    for line in markdown.split("\n"):
        if FENCE.match(line):
            is_fenced = not is_fenced
            code.append("")
        elif is_fenced:
            code.append(line)
        elif line.startswith("    ") and (after_blank or (code and code[-1])):
            code.append(line[4:])
            continue
        else:
            text.append(line)
            code.append("")
        after_blank = not line.strip()
    return code, "\n".join(text)


def commands_in(code):
    """Command lines, those that end in a backslash joined with the next."""
    joined = ""
    for line in code:
        joined += line.rstrip()
        if joined.endswith("\\"):
            joined = joined[:-1] + " "
            continue
        if joined.lstrip("$ ").startswith(("diffuse ", "build/diffuse ", "make ")):
            yield joined.lstrip("$ ")
        joined = ""


def command_fault(line):
    """Why the program would not take the line; None where it would. --help behind it: parsed, not run."""
    words = shlex.split(line, comments=True)
    if words[0] == "make":
        return make_fault(words)
    result = subprocess.run([DIFFUSE, *words[1:], "--help"], capture_output=True, text=True, timeout=60, check=False)
    return result.stderr.split("\n")[0] if result.returncode else None


def make_fault(words):
    makefile = (ROOT / "Makefile").read_text()
    for target in words[1:]:
        if "=" not in target and not re.search(rf"^{re.escape(target)}:", makefile, re.MULTILINE):
            return f"make: no target {target}"
    return None


def known_options(table):
    """Of every command, and of setup.sh."""
    names = {option["name"] for command in table for option in command["options"]}
    return names | set(OPTION.findall((ROOT / "setup.sh").read_text()))


def span_faults(text, table):
    """What code in running text names and the program does not know."""
    names = {(command["name"], command["verb"]) for command in table}
    options = known_options(table)
    for span in SPAN.findall(text):
        words = span.split()
        if words[0] in ("diffuse", "build/diffuse") and len(words) > 1 and re.fullmatch("[a-z]+", words[1]):
            verb = words[2] if len(words) > 2 and re.fullmatch("[a-z]+", words[2]) else None
            if (words[1], verb) not in names and (words[1], None) not in names and not (verb is None and words[1] in {n for n, _ in names}):
                yield f"`{span}`: no such command"
        if words[0].startswith("--") or words[0] == "diffuse":
            yield from (f"`{span}`: no option --{name}" for name in OPTION.findall(span) if name not in options)


def link_faults(path, markdown):
    for link in LINK.findall(markdown):
        target = link.split("#")[0]
        if target and not re.match(r"[a-z]+:", target) and not (path.parent / target).exists():
            yield f"link to {link}: no such file"


def page_faults(path, markdown, table):
    code, text = blocks_and_text(markdown)
    for line in commands_in(code):
        fault = command_fault(line)
        if fault:
            yield f"{line}\n    {fault}"
    yield from span_faults(text, table)
    yield from link_faults(path, markdown)


def check_the_checker(table):
    """A page with one fault of each kind, and a page without."""
    bad = ("# x\n\n    diffuse sample --model m --count 0 --out f\n\n```\ndiffuse render --model m \\\n  --identities f --out d --no-such 3\n```\n\n"
           "    make no-such-target\n\nSay `--no-such-option` or `diffuse nothing`. [x](nowhere.md)\n")
    good = ("# x\n\n    $ diffuse sample --model m --count 3 \\\n        --out f   # three\n\n    make test\n\nSay `--count 3` to `diffuse sample`;"
            " `diffuse model build` too. [x](README.md#y) [z](https://example.org)\n")
    faults = list(page_faults(ROOT / "docs" / "README.md", bad, table))
    assert len(faults) == 6, faults
    faults = list(page_faults(ROOT / "docs" / "README.md", good, table))
    assert faults == [], faults


def unlisted_pages(index):
    return [page.name for page in sorted((ROOT / "docs").glob("*.md")) if page.name != "README.md" and f"({page.name})" not in index]


def main():
    table = json.loads(subprocess.run([DIFFUSE, "help", "--json"], capture_output=True, text=True, check=True).stdout)
    check_the_checker(table)
    faults, lines = [], 0
    for path in [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]:
        markdown = path.read_text()
        lines += len(list(commands_in(blocks_and_text(markdown)[0])))
        faults += [f"{path.relative_to(ROOT)}: {fault}" for fault in page_faults(path, markdown, table)]
    faults += [f"docs/README.md: does not list {name}" for name in unlisted_pages((ROOT / "docs" / "README.md").read_text())]
    print("\n".join(faults) if faults else f"{lines} commands parse")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
