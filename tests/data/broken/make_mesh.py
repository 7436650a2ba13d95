#!/usr/bin/env python3
"""Makes the meshes of tests/data/broken/ply and tests/data/broken/obj, each broken in one way that its name says, and the good
ones in tests/fuzz/corpus that the damage starts from. Python's standard library only."""

import struct
from pathlib import Path

HERE = Path(__file__).resolve().parent
CORPUS = HERE.parents[1] / "fuzz" / "corpus"

# A pyramid: vertices, colours of bytes, uv; a quad and four triangles.
VERTICES = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0.5, 0.5, -1.25)]
COLOURS = [(0, 51, 102), (255, 0, 0), (0, 255, 0), (0, 0, 255), (153, 153, 153)]
FACES = [(3, 2, 1, 0), (0, 1, 4), (1, 2, 4), (2, 3, 4), (3, 0, 4)]


def ply_header(form, vertices=5, faces=5, index="vertex_indices", more=""):
    return (
        f"ply\nformat {form} 1.0\ncomment a pyramid\nelement vertex {vertices}\nproperty float x\nproperty double y\nproperty float z\n"
        "property uchar red\nproperty uchar green\nproperty uchar blue\nproperty float s\nproperty float t\n"
        f"element face {faces}\nproperty int group\nproperty list uchar int {index}\n{more}end_header\n"
    ).encode()


def ply_ascii(rows=slice(None), faces=None):
    lines = [f"{x} {y} {z} {r} {g} {b} {x / 2} {y / 4}" for (x, y, z), (r, g, b) in zip(VERTICES, COLOURS)][rows]
    lines += [" ".join(map(str, (7, len(face), *face))) for face in (FACES if faces is None else faces)]
    return ("\n".join(lines) + "\n").encode()


def ply_binary(order):
    data = b"".join(struct.pack(order + "fdfBBBff", *p, *c, p[0] / 2, p[1] / 4) for p, c in zip(VERTICES, COLOURS))
    return data + b"".join(struct.pack(f"{order}iB{len(face)}i", 7, len(face), *face) for face in FACES)


def broken_ply():
    head, body = ply_header("ascii"), ply_ascii()
    little, binary = ply_header("binary_little_endian"), ply_binary("<")
    yield "empty", b""
    yield "no-ply", b"plz" + head[3:] + body
    yield "header-cut", head[:60]
    yield "format-missing", head.replace(b"format ascii 1.0\n", b"") + body
    yield "format-unknown", head.replace(b"ascii", b"utf8") + body
    yield "format-2", head.replace(b"1.0", b"2.0") + body
    yield "word-unknown", head.replace(b"comment", b"remark") + body
    yield "type-unknown", head.replace(b"double", b"quad") + body
    yield "property-before-element", head.replace(b"element vertex 5\n", b"") + body
    yield "property-without-name", head.replace(b"float x", b"float") + body
    yield "property-twice", head.replace(b"double y", b"float x") + body
    yield "name-long", head.replace(b"uchar red", b"uchar " + b"r" * 40) + body
    yield "elements-17", head.replace(b"end_header", b"".join(b"element e%d 0\n" % i for i in range(15)) + b"end_header") + body
    yield "element-twice", head.replace(b"element face", b"element vertex") + body
    yield "properties-65", head.replace(b"end_header", b"".join(b"property int p%d\n" % i for i in range(63)) + b"end_header") + body
    yield "no-x", head.replace(b"float x", b"float w") + body
    yield "no-vertices", ply_header("ascii", vertices=0) + ply_ascii(slice(0), [])
    yield "vertices-2-to-40", ply_header("binary_little_endian", vertices=1 << 40) + binary
    yield "vertices-negative", ply_header("ascii", vertices=-1) + body
    yield "faces-2-to-62", ply_header("ascii", faces=1 << 62) + body
    yield "rows-without-properties", ply_header("ascii", more="element nothing 1000000000000\n") + body
    yield "body-cut", head + body[:-10]
    yield "binary-cut", little + binary[:-1]
    yield "binary-bytes-behind", little + binary + b"\0"
    yield "words-behind", head + body + b"1 2 3\n"
    yield "word-no-number", head + body.replace(b"0.5", b"half", 1)
    yield "number-hexadecimal", head + body.replace(b"0.5", b"0x1p-1", 1)
    yield "number-infinite", head + body.replace(b"0.5", b"1e999", 1)
    yield "not-a-number", little + b"\0\0\xc0\x7f" + binary[4:]
    yield "colour-256", head + body.replace(b"255", b"256", 1)
    yield "colour-negative", head + body.replace(b"255", b"-1", 1)
    yield "index-5-of-5", head + ply_ascii(faces=FACES[:4] + [(3, 0, 5)])
    yield "index-negative", head + ply_ascii(faces=FACES[:4] + [(3, 0, -1)])
    yield "index-with-fraction", head + ply_ascii(faces=FACES[:4] + [(3, 0, 1.5)])
    yield "face-of-two", head + ply_ascii(faces=FACES[:4] + [(3, 0)])
    yield "face-of-minus-one", head.replace(b"list uchar", b"list char") + body[:-10] + b"7 -1\n"
    yield "face-of-4-billion", little.replace(b"list uchar", b"list uint ") + binary
    yield "length-of-list-a-float", head.replace(b"list uchar", b"list float") + body


OBJ = b"""# a pyramid
mtllib pyramid.mtl
o pyramid
v 0 0 0 0 0.2 0.4
v 1 0 0 1 0 0
v 1 1 0 0 1 0
v 0 1 0 0 0 1
v 0.5 .5 -1.25e0 0.6 0.6 0.6
vt 0 0
vt 0.5 0 0
vt 0.5 0.25
vn 0 0 1
usemtl skin
s off
f 4/3 3/2 2/1 1
f 1/1/1 2/2/1 5/3/1
f 2//1 3//1 5//1
f 3 4 -1
f -2/-1 -5/-3 -1/-2
"""


def broken_obj():
    yield "empty", b""
    yield "no-vertices", b"vt 0 0\n"
    yield "word-unknown", OBJ.replace(b"usemtl skin", b"curv 0 1")
    yield "line-that-goes-on", OBJ.replace(b"f 4/3 3/2", b"f 4/3 \\\n3/2")
    yield "zero-bytes", b"\0" * 100
    yield "vertex-of-two", OBJ.replace(b"v 1 0 0 1 0 0", b"v 1 0")
    yield "vertex-of-eight", OBJ.replace(b"v 1 0 0 1 0 0", b"v 1 2 3 4 5 6 7 8")
    yield "vertex-with-weight-2", OBJ.replace(b"v 1 0 0 1 0 0", b"v 1 0 0 2")
    yield "vertex-without-colour", OBJ.replace(b"v 1 0 0 1 0 0", b"v 1 0 0")
    yield "vertex-no-number", OBJ.replace(b"v 1 0 0 1 0 0", b"v 1 0 nan 1 0 0")
    yield "vertex-infinite", OBJ.replace(b"v 1 0 0 1 0 0", b"v 1 0 1e39 1 0 0")
    yield "number-of-100-digits", OBJ.replace(b"v 1 0 0 1 0 0", b"v " + b"1" * 100 + b" 0 0 1 0 0")
    yield "colour-255", OBJ.replace(b"v 1 0 0 1 0 0", b"v 1 0 0 255 0 0")
    yield "texture-vertex-of-four", OBJ.replace(b"vt 0 0", b"vt 0 0 0 0")
    yield "texture-vertex-of-none", OBJ.replace(b"vt 0 0", b"vt")
    yield "face-of-two", OBJ.replace(b"f 3 4 -1", b"f 3 4")
    yield "face-of-none", OBJ.replace(b"f 3 4 -1", b"f")
    yield "index-0", OBJ.replace(b"f 3 4 -1", b"f 3 4 0")
    yield "index-6-of-5", OBJ.replace(b"f 3 4 -1", b"f 3 4 6")
    yield "index-minus-6-of-5", OBJ.replace(b"f 3 4 -1", b"f 3 4 -6")
    yield "index-2-to-64", OBJ.replace(b"f 3 4 -1", b"f 3 4 18446744073709551617")
    yield "index-with-fraction", OBJ.replace(b"f 3 4 -1", b"f 3 4 1.5")
    yield "index-missing", OBJ.replace(b"f 3 4 -1", b"f 3 4 /1")
    yield "texture-index-4-of-3", OBJ.replace(b"f 1/1/1", b"f 1/4/1")
    yield "corner-of-four-indices", OBJ.replace(b"f 1/1/1", b"f 1/1/1/1")


def main():
    for form in ("ply", "obj"):
        (HERE / form).mkdir(parents=True, exist_ok=True)
        (CORPUS / form).mkdir(parents=True, exist_ok=True)
    for name, data in broken_ply():
        (HERE / "ply" / (name + ".ply")).write_bytes(data)
    for name, data in broken_obj():
        (HERE / "obj" / (name + ".obj")).write_bytes(data)
    (CORPUS / "ply" / "ascii.ply").write_bytes(ply_header("ascii") + ply_ascii())
    (CORPUS / "ply" / "crlf.ply").write_bytes((ply_header("ascii") + ply_ascii()).replace(b"\n", b"\r\n"))
    (CORPUS / "ply" / "little.ply").write_bytes(ply_header("binary_little_endian", index="vertex_index") + ply_binary("<"))
    (CORPUS / "ply" / "big.ply").write_bytes(ply_header("binary_big_endian") + ply_binary(">"))
    (CORPUS / "obj" / "pyramid.obj").write_bytes(OBJ)
    (CORPUS / "obj" / "crlf.obj").write_bytes(OBJ.replace(b"\n", b"\r\n"))


if __name__ == "__main__":
    main()
