#!/usr/bin/python3
"""The cards of data sets: the commands that stand in README.md make the set again, croissant.json describes the files that are there, as
an independent reader of JSON-LD (Debian's rdflib) and this script's own small loader find, images carry texts that exiftool reads, and neither depends on when or how the
set was made."""
import fnmatch
import hashlib
import json
import os
import re
import shlex
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


def run(*words, expect=0):
    done = subprocess.run([DIFFUSE, *words], capture_output=True, text=True)
    if done.returncode != expect:
        check(" ".join(words), False, f"exit {done.returncode}, expected {expect}: {done.stderr}")
    return done


def read(path):
    with open(path, "rb") as file:
        return file.read()


def digest(path):
    return hashlib.sha256(read(path)).hexdigest()


def files_of(folder):
    found = {}
    for top, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = os.path.join(top, name)
            found[os.path.relpath(path, folder)] = digest(path)
    return found


work = tempfile.mkdtemp()
ids, faces = os.path.join(work, "ids.jsonl"), os.path.join(work, "faces")
run("sample", "--model", MODEL, "--count", "4", "--balance", "gender", "--seed", "3", "--out", ids, "--quiet")
OPTIONS = ["--model", MODEL, "--identities", ids, "--per-identity", "3", "--size", "48", "--seed", "9", "--samples", "1", "--yaw", "-10:20",
           "--roll", "5", "--glasses", "0.5", "--labels", "segmentation,depth", "--quiet"]
run("render", *OPTIONS, "--out", faces)
page = read(faces + "/README.md").decode()
root = json.loads(read(faces + "/croissant.json"))
lines = [json.loads(line) for line in read(faces + "/manifest.jsonl").splitlines()]

# ---- the page ----

command = next(line.strip() for line in page.splitlines() if line.startswith("    diffuse render"))
again = os.path.join(work, "again")
words = [{"MODEL": MODEL, "identities.jsonl": faces + "/identities.jsonl", "DIR": again}.get(word, word) for word in shlex.split(command)]
run(*words[1:], "--quiet")
check("the command on the card makes every byte again, the cards too", files_of(again) == files_of(faces),
      str(set(files_of(again).items()) ^ set(files_of(faces).items())))
check("the page counts", "| images | 12 |" in page and "| people | 4 |" in page)
check("hashes of manifest, people and model stand there", all(
    hash in page for hash in [digest(faces + "/manifest.jsonl"), digest(ids), digest(MODEL)]))
check("a model without licence notes is told as such", "says nothing of a licence" in page)
check("stand-ins are named", "nobody stated who publishes the set" in page and "the day of the program's release" in page)
check("no path of this machine stands there", work not in page and os.path.dirname(MODEL) not in page)

# ---- croissant.json: files ----

for file in root["distribution"]:
    if file["@type"] == "cr:FileObject":
        path = os.path.join(faces, file["contentUrl"])
        check(f"{file['@id']}: size and SHA-256", file["contentSize"] == f"{os.path.getsize(path)} B" and file["sha256"] == digest(path))


def glob_set(file):
    def match(path, pattern):  # as a shell: '*' stays within a folder
        return len(path.split("/")) == len(pattern.split("/")) and fnmatch.fnmatchcase(path, pattern)
    listed = lambda key: [file[key]] if isinstance(file.get(key), str) else file.get(key, [])
    return sorted(path for path in files_of(faces) if any(match(path, p) for p in listed("includes"))
                  and not any(match(path, p) for p in listed("excludes")))


sets = {file["@id"]: file for file in root["distribution"] if file["@type"] == "cr:FileSet"}
check("the set of images has the images", glob_set(sets["image-files"]) == sorted(line["image"] for line in lines))
for kind in ["segmentation", "depth"]:
    check(f"the set of {kind} has the files", glob_set(sets[kind + "-files"]) == sorted(line["labels"][kind] for line in lines))

# ---- records: a loader as small as the format allows ----


def get(value, path):
    for key in path.removeprefix("$.").split("."):
        value = value[key]
    return value


def shape_of(value):
    return [len(value), *shape_of(value[0])] if isinstance(value, list) else []


TYPES = {"sc:Text": str, "sc:Integer": int, "sc:Float": (int, float)}
records = {record["@id"]: record for record in root["recordSet"]}
for field in records["manifest"]["field"]:
    types = field["dataType"] if isinstance(field["dataType"], list) else [field["dataType"]]
    shape = [int(n) for n in field["arrayShape"].split(",")] if "arrayShape" in field else []
    source, is_good = field["source"], field["source"]["fileObject"] == {"@id": "manifest.jsonl"}
    for line in lines:
        value = line[source["extract"]["column"]]
        if "transform" in source:
            value = get(value, source["transform"]["jsonPath"])
        if value is None:
            continue
        is_good &= shape_of(value) == shape
        while isinstance(value, list):
            value = value[0]
        is_good &= isinstance(value, TYPES[types[0]])
    check(f"{field['@id']} is extracted with its type and shape", is_good, str(field))
for name, record in records.items():
    if name in ("manifest", "splits"):
        continue
    image = record["field"][0]
    paths = glob_set(sets[image["source"]["fileSet"]["@id"]])
    regex = image["source"].get("transform", {}).get("regex")
    joined = [re.search(regex, path).group(1) if regex else path for path in paths]
    check(f"{name}: its files join the manifest", sorted(joined) == sorted(line["image"] for line in lines) and
          image["references"] == {"field": {"@id": "manifest/image"}})

# ---- JSON-LD, by another reader ----

try:
    import rdflib
    graph = rdflib.Graph().parse(data=json.dumps(root), format="json-ld", publicID="http://example.org/set/croissant.json")
    SC, CR = rdflib.Namespace("https://schema.org/"), rdflib.Namespace("http://mlcommons.org/croissant/")
    RAI, DCT = rdflib.Namespace("http://mlcommons.org/croissant/RAI/"), rdflib.Namespace("http://purl.org/dc/terms/")
    datasets = list(graph.subjects(rdflib.RDF.type, SC.Dataset))
    check("JSON-LD: one dataset", len(datasets) == 1)
    for property in [SC.name, SC.description, SC.url, SC.license, SC.creator, SC.datePublished, DCT.conformsTo, SC.distribution, CR.recordSet,
                     CR.citeAs, SC.version, RAI.dataCollection, RAI.dataBiases, RAI.dataLimitations, RAI.dataUseCases,
                     RAI.personalSensitiveInformation, RAI.dataAnnotationProtocol]:
        check(f"JSON-LD: {property}", len(list(graph.objects(datasets[0], property))) > 0)
    conforms = {str(value) for value in graph.objects(datasets[0], DCT.conformsTo)}
    check("JSON-LD: conforms to Croissant 1.1 and RAI 1.0",
          conforms == {"http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"}, str(conforms))
    check("JSON-LD: fields are fields", len(list(graph.subjects(rdflib.RDF.type, CR.Field))) ==
          sum(len(record["field"]) for record in records.values()))
    types = {str(value) for value in graph.objects(None, CR.dataType)}
    check("JSON-LD: types are addresses of the two vocabularies", "https://schema.org/Float" in types and
          "http://mlcommons.org/croissant/BoundingBox" in types and all(type.startswith("http") for type in types), str(types))
    nodes = {str(node) for node in graph.subjects()}
    references = [str(value) for key in (CR.references, CR.fileObject, CR.fileSet, CR.key) for value in graph.objects(None, key)]
    check("JSON-LD: every reference leads to something that is described", references and all(value in nodes for value in references))
    broken = json.loads(json.dumps(root))
    broken["@context"].pop("rai")
    wrong = rdflib.Graph().parse(data=json.dumps(broken), format="json-ld", publicID="http://example.org/")
    check("JSON-LD: the check would notice a context without rai", len(list(wrong.objects(None, RAI.dataBiases))) == 0)
except ImportError:
    print("skipped: python3-rdflib is not there")

# ---- the texts of an image, by another reader ----

if shutil.which("exiftool"):
    line = lines[5]
    for path, what in [(line["image"], "image"), (line["labels"]["depth"], "depth")]:
        done = subprocess.run(["exiftool", "-json", "-Diffuse", "-XMP-iptcExt:DigitalSourceType", f"{faces}/{path}"], capture_output=True, text=True)
        tags = json.loads(done.stdout)[0]
        stamp = json.loads(tags["Diffuse"]) if isinstance(tags["Diffuse"], str) else tags["Diffuse"]
        person = next(row for row in read(ids).splitlines(True) if json.loads(row)["id"] == line["identity"])
        check(f"exiftool reads the {what}'s texts", stamp["what"] == what and stamp["identity"] == line["identity"] and
              stamp["index"] == line["index"] and stamp["seed"] == 9 and stamp["person"] == hashlib.sha256(person).hexdigest() and
              stamp["recipe"] in page and tags["DigitalSourceType"].endswith("/trainedAlgorithmicMedia"), str(tags))
else:
    print("skipped: exiftool is not there")

# ---- words of a publisher ----

run("dataset", "card", faces, "--license", "https://spdx.org/licenses/CC-BY-4.0.html", "--creator", "Faces & Söhne | Ltd", "--date",
    "2025-02-28", "--set-version", "2.1.0", "--url", "https://example.org/faces", "--name", "our faces")
said = json.loads(read(faces + "/croissant.json"))
check("what is stated stands in croissant.json", said["license"][0] == "https://spdx.org/licenses/CC-BY-4.0.html" and
      said["creator"]["name"] == "Faces & Söhne | Ltd" and said["datePublished"] == "2025-02-28" and said["version"] == "2.1.0" and
      said["url"] == "https://example.org/faces" and said["name"] == "our faces")
before = read(faces + "/croissant.json"), read(faces + "/README.md")
os.remove(faces + "/README.md")
run("render", *OPTIONS, "--out", faces, "--resume")
check("it is kept for the next time, and a resumed run tells what was not told", before == (
    read(faces + "/croissant.json"), read(faces + "/README.md")))
check("and a bar breaks no table", "Faces & Söhne \\| Ltd" in read(faces + "/README.md").decode())
for option, value in [("--date", "28.2.2025"), ("--date", "2025-02-30"), ("--set-version", "1"), ("--license", "mine"), ("--url", "a b:c"),
                      ("--name", ""), ("--creator", "a\nb")]:
    run("dataset", "card", faces, option, value, expect=2)

# ---- somebody's own README ----

with open(faces + "/README.md", "w") as file:
    file.write("# Mine\n")
done = run("dataset", "card", faces)
check("a README.md that is somebody's own stays", read(faces + "/README.md") == b"# Mine\n" and "--force" in done.stdout)
run("dataset", "card", faces, "--force")
check("and --force replaces it", b"# our faces" in read(faces + "/README.md"))

# ---- checks ----

done = run("dataset", "card", faces, "--check")
check("--check finds nothing", "nothing is missing" in done.stdout)
check("verify has nothing against the cards", run("dataset", "verify", faces).returncode == 0)
with open(faces + "/manifest.jsonl", "a") as file:
    file.write("\n")
done = run("dataset", "card", faces, "--check", "--json", expect=1)
check("--check names a manifest that changed", "manifest.jsonl: its size" in json.loads(done.stdout.splitlines()[0])["problems"][0])
done = run("dataset", "card", work, expect=1)
check("a folder without a set is refused", "no manifest.jsonl" in done.stderr)

# ---- sets that were made otherwise ----

few = os.path.join(work, "few")
run("dataset", "subset", again, "--where", "index < 2", "--out", few, "--quiet")
run("dataset", "card", few)
page = read(few + "/README.md").decode()
check("a subset's card names its source, the condition and what went in", "of the set `again`" in page and "index < 2" in page and
      "face model" in page and "| images | 8 |" in page)
check("and is a description", run("dataset", "card", few, "--check").returncode == 0)
photos = os.path.join(work, "photos")
for line in lines[:4]:
    os.makedirs(f"{photos}/{line['identity']}", exist_ok=True)
    shutil.copy(f"{again}/{line['image']}", f"{photos}/{line['identity']}/{line['index']}.png")
imported = os.path.join(work, "imported")
run("dataset", "import", photos, "--out", imported, "--quiet")
run("dataset", "card", imported)
page, root = read(imported + "/README.md").decode(), json.loads(read(imported + "/croissant.json"))
check("an imported set's card says what is not known", "may show real people" in page and "licence was not recorded" in page and
      "synthetic" not in root["keywords"] and "digitalSourceType" not in root)
check("and is a description", run("dataset", "card", imported, "--check").returncode == 0)

behind = os.path.join(work, "behind")
run("render", *OPTIONS, "--background", os.path.join(again, lines[0]["identity"]), "--out", behind)
page, root = read(behind + "/README.md").decode(), json.loads(read(behind + "/croissant.json"))
check("photographs behind the faces are told", "before photographs" in page and "--background BACKGROUNDS" in page and
      "licence was not recorded" in page and root["digitalSourceType"].endswith("CompositeSyntheticDigitalSource"))
check("and stand in the image's own text", b"digitalsourcetype/compositeSynthetic" in read(behind + "/" + lines[0]["image"]))

run("render", *OPTIONS, "--out", again, "--force")
check("a set that replaces another has its own cards", run("dataset", "card", again, "--check").returncode == 0)
shutil.rmtree(work)
sys.exit(failures > 0)
