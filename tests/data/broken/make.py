#!/usr/bin/env python3
"""Makes the files beside it: FORMAT/KIND-OF-DAMAGE.*, each broken in one way that its name says, which every reader has to
refuse; and the good files in tests/fuzz/corpus/FORMAT that the damage starts from. Python's standard library only."""

import base64
import io
import json
import struct
import zipfile
import zlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
CORPUS = HERE.parents[1] / "fuzz" / "corpus"


def put(folder, name, data):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


# ---- PNG ----

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind, data=b"", crc=None):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data) if crc is None else crc)


def header(width=4, height=3, depth=8, colour=2, interlace=0, crc=None, deflate=0):
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, deflate, 0, interlace), crc)


ROWS = b"".join(bytes([y % 5]) + bytes((7 * (12 * y + i)) % 256 for i in range(12)) for y in range(3))
PIXELS = chunk(b"IDAT", zlib.compress(ROWS))
END = chunk(b"IEND")
PALETTE = chunk(b"PLTE", bytes(range(12)))


def make_png():
    good = SIGNATURE + header() + PIXELS + END
    grey = zlib.compress(b"".join(b"\0" + bytes([16 * i, 255 - i]) for i in range(16)))
    put(CORPUS / "png", "rgb.png", good)
    put(CORPUS / "png", "palette.png", SIGNATURE + header(8, 4, 2, 3) + PALETTE + chunk(b"tRNS", b"\0\x80") +
        chunk(b"IDAT", zlib.compress(b"\0\x1b\xe4" * 4)) + END)
    put(CORPUS / "png", "grey16.png", SIGNATURE + header(1, 16, 16, 0) + chunk(b"IDAT", grey) + END)
    put(CORPUS / "png", "interlaced.png", SIGNATURE + header(1, 1, 8, 6, 1) + chunk(b"IDAT", zlib.compress(b"\0abcd")) + END)
    damaged = bytearray(zlib.compress(ROWS))
    damaged[6] ^= 0xFF
    broken = {
        "signature": b"\x89PNG\n\n\x1a\n" + good[8:],
        "signature-only": SIGNATURE,
        "cut-in-header": good[:20],
        "cut-in-pixels": good[:50],
        "no-pixels": SIGNATURE + header() + END,
        "no-end": SIGNATURE + header() + PIXELS,
        "header-twice": SIGNATURE + header() + header() + PIXELS + END,
        "header-check-sum": SIGNATURE + header(crc=1) + PIXELS + END,
        "header-short": SIGNATURE + chunk(b"IHDR", b"\0\0\0\4\0\0\0\3\x08\2\0\0") + PIXELS + END,
        "pixels-check-sum": SIGNATURE + header() + chunk(b"IDAT", zlib.compress(ROWS), 1) + END,
        "width-zero": SIGNATURE + header(width=0) + PIXELS + END,
        "width-over-limit": SIGNATURE + header(width=16385) + PIXELS + END,
        "sides-2-to-31": SIGNATURE + header(2**31 - 1, 2**31 - 1) + PIXELS + END,
        "sides-negative": SIGNATURE + header(2**32 - 1, 2**32 - 1) + PIXELS + END,
        "sides-beyond-the-file": SIGNATURE + header(16384, 16384, 16, 6) + PIXELS + END,
        "colour-type-unknown": SIGNATURE + header(colour=5) + PIXELS + END,
        "bit-depth-wrong": SIGNATURE + header(depth=4) + PIXELS + END,
        "interlace-unknown": SIGNATURE + header(interlace=2) + PIXELS + END,
        "compression-unknown": SIGNATURE + header(deflate=1) + PIXELS + END,
        "filter-unknown": SIGNATURE + header() + chunk(b"IDAT", zlib.compress(b"\x09" + ROWS[1:])) + END,
        "pixels-too-few": SIGNATURE + header() + chunk(b"IDAT", zlib.compress(ROWS[:20])) + END,
        "deflate-damaged": SIGNATURE + header() + chunk(b"IDAT", bytes(damaged)) + END,
        "palette-missing": SIGNATURE + header(colour=3) + PIXELS + END,
        "chunk-beyond-the-file": SIGNATURE + header() + struct.pack(">I", 2**31 - 1) + PIXELS[4:] + END,
        "chunk-length-2-to-32": SIGNATURE + header() + struct.pack(">I", 2**32 - 1) + PIXELS[4:] + END,
        "chunk-unknown-but-critical": SIGNATURE + header() + chunk(b"ABCD", b"x") + PIXELS + END,
    }
    for name, data in broken.items():
        put(HERE / "png", name + ".png", data)


# ---- JPEG: 8 x 8 pixels by libjpeg-turbo, grey and sequential, colour and progressive ----

GREY = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//"
    "wAALCAAIAAgBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEI"
    "I0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ip"
    "qrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/AOa0u26cV//Z")
PROGRESSIVE = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//"
    "2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wgARCAAIAAgDASIAAhEBAxEB/8QA"
    "FQABAQAAAAAAAAAAAAAAAAAAAAX/xAAVAQEBAAAAAAAAAAAAAAAAAAACA//aAAwDAQACEAMQAAABmBz/AP/EABYQAAMAAAAAAAAAAAAAAAAAAAACA//aAAgB"
    "AQABBQKSn//EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQMBAT8Bf//EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQIBAT8Bf//EABQQAQAAAAAAAAAAAAAA"
    "AAAAAAD/2gAIAQEABj8Cf//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAT8hH//aAAwDAQACAAMAAAAQ/wD/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oA"
    "CAEDAQE/EH//xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oACAECAQE/EH//xAAWEAADAAAAAAAAAAAAAAAAAAAAITH/2gAIAQEAAT8Qij//2Q==")
EXIF = b"\xff\xe1\x00\x22Exif\0\0MM\0*\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0"


def segment_at(data, marker):
    return data.index(bytes([0xFF, marker]))


def without(data, marker):
    start = segment_at(data, marker)
    return data[:start] + data[start + 2 + struct.unpack(">H", data[start + 2:start + 4])[0]:]


def patched(data, place, new):
    return data[:place] + new + data[place + len(new):]


def make_jpeg():
    put(CORPUS / "jpeg", "grey.jpg", GREY)
    put(CORPUS / "jpeg", "progressive.jpg", PROGRESSIVE)
    put(CORPUS / "jpeg", "turned.jpg", GREY[:2] + EXIF + GREY[2:])
    frame, scan, table = segment_at(GREY, 0xC0), segment_at(GREY, 0xDA), segment_at(GREY, 0xDB)
    broken = {
        "start-only": GREY[:3],
        "start-and-end-only": GREY[:2] + GREY[-2:],
        "cut-in-tables": GREY[:100],
        "cut-in-scan": GREY[:-6],
        "no-end": GREY[:-2],
        "no-frame": without(GREY, 0xC0),
        "no-quantisation-table": without(GREY, 0xDB),
        "no-scan": GREY[:scan] + GREY[-2:],
        "scan-before-frame": GREY[:frame] + GREY[scan:],
        "width-zero": patched(GREY, frame + 7, b"\0\0"),
        "height-zero": patched(GREY, frame + 5, b"\0\0"),
        "sides-65535": patched(GREY, frame + 5, b"\xff\xff\xff\xff"),
        "sides-beyond-the-file": patched(GREY, frame + 5, b"\x30\0\x30\0"),
        "more-rows-than-data": patched(GREY, frame + 5, b"\0\x40"),
        "twelve-bit": patched(GREY, frame + 4, b"\x0c"),
        "lossless": patched(GREY, frame + 1, b"\xc3"),
        "components-zero": patched(GREY, frame + 9, b"\0"),
        "table-number-wrong": patched(GREY, table + 4, b"\x07"),
        "segment-beyond-the-file": patched(GREY, table + 2, b"\xff\xff"),
        "segment-length-zero": patched(GREY, table + 2, b"\0\0"),
        "progressive-cut": PROGRESSIVE[:-40],
    }
    for name, data in broken.items():
        put(HERE / "jpeg", name + ".jpg", data)


# ---- safetensors ----

def tensors(header, data=b"\0" * 24, length=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def entry(dtype="F32", shape=(2, 3), offsets=(0, 24)):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": list(offsets)}


def make_safetensors():
    half = {"a": entry(shape=[3], offsets=[0, 12])}
    put(CORPUS / "safetensors", "one.safetensors", tensors({"a": entry()}))
    put(CORPUS / "safetensors", "metadata.safetensors", tensors({"__metadata__": {"k": "v"}, **half, "b": entry("I16", [6], [12, 24])}))
    put(CORPUS / "safetensors", "scalar.safetensors", tensors({"s": entry("F64", [], [0, 8]), "e": entry("U8", [0, 5], [8, 8])}, b"\0" * 8))
    broken = {
        "empty": b"",
        "seven-bytes": b"\0" * 7,
        "length-beyond-the-file": tensors({"a": entry()}, length=1000),
        "length-2-to-63": tensors({"a": entry()}, length=2**63),
        "length-2-to-64": tensors({"a": entry()}, length=2**64 - 1),
        "length-short": tensors({"a": entry()}, length=20),
        "header-empty": tensors(b""),
        "header-no-json": tensors(b"{'a': 1}"),
        "header-an-array": tensors(b"[]", b""),
        "header-not-utf8": tensors(b'{"\xff":{}}', b""),
        "header-nested-deeply": tensors(b'{"a":' + b"[" * 5000),
        "header-of-brackets": tensors(b"[" + b"[]," * 3000 + b"[]]"),
        "name-doubled": tensors(b'{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}', b""),
        "entry-a-number": tensors({"a": 5}),
        "type-unknown": tensors({"a": entry("F13")}),
        "type-missing": tensors({"a": {"shape": [6], "data_offsets": [0, 24]}}),
        "shape-missing": tensors({"a": {"dtype": "F32", "data_offsets": [0, 24]}}),
        "shape-negative": tensors({"a": entry(shape=[-2, -3])}),
        "shape-a-fraction": tensors({"a": entry(shape=[1.5, 4])}),
        "shape-of-nine": tensors({"a": entry(shape=[1] * 8 + [6])}),
        "shape-overflows": tensors({"a": entry(shape=[2**32, 2**32, 2**32])}),
        "shape-2-to-40": tensors({"a": entry(shape=[2**40])}),
        "shape-other-than-offsets": tensors({"a": entry(shape=[2, 2])}),
        "offsets-missing": tensors({"a": {"dtype": "F32", "shape": [6]}}),
        "offsets-three": tensors({"a": {"dtype": "F32", "shape": [6], "data_offsets": [0, 24, 24]}}),
        "offsets-reversed": tensors({"a": entry(offsets=[24, 0])}),
        "offsets-negative": tensors({"a": entry(offsets=[-24, 0])}),
        "offsets-beyond-the-file": tensors({"a": entry(offsets=[8, 32])}),
        "offsets-overlap": tensors({"a": entry(), "b": entry("U8", [4], [0, 4])}),
        "offsets-leave-a-hole": tensors({**half, "b": entry("U8", [8], [16, 24])}),
        "offsets-start-late": tensors({"a": entry("U8", [20], [4, 24])}),
        "bytes-after-the-last": tensors(half),
        "metadata-a-number": tensors({"__metadata__": {"k": 5}, "a": entry()}),
        "metadata-an-array": tensors({"__metadata__": [], "a": entry()}),
    }
    for name, data in broken.items():
        put(HERE / "safetensors", name + ".safetensors", data)


# ---- npz ----

def npy(descr="'<f4'", shape="(2, 3)", order="False", data=b"\0" * 24, version=1, text=None, length=None):
    if text is None:
        text = f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}"
    header_text = text.encode() + b" " * (-(len(text) + 11) % 64) + b"\n"
    length_format = "<H" if version == 1 else "<I"
    return b"\x93NUMPY" + bytes([version, 0]) + struct.pack(length_format, len(header_text) if length is None else length) + header_text + data


def archive(*members, method=zipfile.ZIP_STORED, **more):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method, **more) as z:
        for name, data in members:
            z.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def one(**arguments):
    return archive(("a.npy", npy(**arguments)))


def in_directory(data, offset, new, entry_number=0):
    place = -1
    for _ in range(entry_number + 1):
        place = data.index(b"PK\1\2", place + 1)
    return patched(data, place + offset, new)


def in_end(data, offset, new):
    return patched(data, data.rindex(b"PK\5\6") + offset, new)


def make_npz():
    good, deflated = one(), archive(("a.npy", npy(data=bytes(range(24)))), method=zipfile.ZIP_DEFLATED)
    two = archive(("a.npy", npy()), ("b.npy", npy()))
    put(CORPUS / "npz", "stored.npz", good)
    put(CORPUS / "npz", "deflated.npz", deflated)
    put(CORPUS / "npz", "fortran.npz", archive(("f.npy", npy(order="True")), ("s.npy", npy("'<f8'", "()", data=b"\0" * 8))))
    put(CORPUS / "npz", "version2.npz", archive(("v.npy", npy(version=2)), ("b.npy", npy("'|b1'", "(24,)", version=3))))
    put(CORPUS / "npz", "array.npy", npy("'<i2'", "(3, 4)", "True"))
    at_data = deflated.index(b"a.npy") + 5
    bomb = zlib.compressobj(9, zlib.DEFLATED, -15)
    zeros = b"".join([bomb.compress(npy("'|u1'", f"({2**27},)", data=b""))] + [bomb.compress(b"\0" * 2**20) for _ in range(128)] + [bomb.flush()])
    bomb_file = archive(("a.npy", zeros))
    for place in (bomb_file.index(b"PK\3\4"), bomb_file.index(b"PK\1\2") + 2):
        bomb_file = patched(bomb_file, place + 8, struct.pack("<H", 8))
        bomb_file = patched(bomb_file, place + 22, struct.pack("<I", 2**27 + 128))
    broken = {
        "empty": b"",
        "no-end-record": good[:-22],
        "cut-in-the-middle": good[:100],
        "text": b"hello, this is no archive, but it is longer than an end record",
        "comment-length-wrong": in_end(good, 20, b"\5\0"),
        "directory-beyond-the-file": in_end(good, 16, b"\xff\xff\xff\x7f"),
        "directory-too-large": in_end(good, 12, b"\xff\xff\0\0"),
        "directory-count-65535": in_end(good, 10, b"\xff\xff"),
        "directory-count-too-small": in_end(two, 10, b"\1\0"),
        "directory-entry-signature": in_directory(good, 0, b"PK\1\3"),
        "zip64-locator-astray": good[:-22] + b"PK\6\7" + b"\0" * 4 + struct.pack("<Q", 2**60) + b"\1\0\0\0" + good[-22:],
        "zip64-field-short": in_directory(good, 24, b"\xff\xff\xff\xff"),
        "local-header-astray": in_directory(good, 42, b"\7\0\0\0"),
        "encrypted": in_directory(good, 8, b"\1\0"),
        "method-unknown": in_directory(good, 10, b"\x0c\0"),
        "name-beyond-the-directory": in_directory(good, 28, b"\xff\xff"),
        "name-with-zero-byte": in_directory(good, 46, b"\0"),
        "name-without-npy": archive(("a.txt", npy())),
        "name-only-suffix": archive((".npy", npy())),
        "name-doubled": archive(("a.npy", npy()), ("a.npx", npy())).replace(b"a.npx", b"a.npy"),
        "check-sum-wrong": in_directory(good, 16, b"\1\2\3\4"),
        "data-changed": patched(good, good.index(b"\n") + 1, b"\1"),
        "stored-sizes-differ": in_directory(good, 24, b"\xff\0\0\0"),
        "packed-size-beyond-the-file": in_directory(good, 20, b"\xff\xff\xff\x7f" * 2),
        "deflate-damaged": patched(deflated, at_data + 8, b"\xff\xff\xff\xff"),
        "deflate-size-too-small": in_directory(deflated, 24, b"\x40\0\0\0"),
        "deflate-size-impossible": in_directory(deflated, 24, b"\xff\xff\xff\x7f"),
        "bomb": bomb_file,
        "members-overlap": in_directory(two, 42, b"\0\0\0\0", 1),
        "npy-magic": archive(("a.npy", b"\x93NUMPX" + npy()[6:])),
        "npy-empty": archive(("a.npy", b"")),
        "npy-version-9": one(version=9),
        "npy-header-beyond-the-member": one(length=5000),
        "npy-header-2-to-32": one(version=2, length=2**32 - 1),
        "npy-header-no-dictionary": one(text="import os"),
        "npy-header-open": one(text="{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)"),
        "npy-header-text-after": one(text="{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)} x"),
        "npy-key-unknown": one(text="{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), 'x': 1}"),
        "npy-key-missing": one(text="{'descr': '<f4', 'shape': (2, 3)}"),
        "npy-key-doubled": one(text="{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}"),
        "npy-order-a-number": one(order="0"),
        "npy-objects": one(descr="'|O'"),
        "npy-structure": one(descr="[('x', '<f4')]"),
        "npy-strings": one(descr="'<U6'"),
        "npy-complex": one(descr="'<c8'"),
        "npy-shape-negative": one(shape="(-2, -3)"),
        "npy-shape-a-number": one(shape="6"),
        "npy-shape-of-nine": one(shape="(1, 1, 1, 1, 1, 1, 1, 1, 6)"),
        "npy-shape-overflows": one(shape=f"({2**32}, {2**32}, {2**32})"),
        "npy-shape-beyond-64-bits": one(shape=f"({2**70},)"),
        "npy-elements-2-to-40": one(shape=f"({2**40},)"),
        "npy-data-short": one(data=b"\0" * 23),
        "npy-data-long": one(data=b"\0" * 25),
        "npy-data-missing": one(data=b""),
    }
    for name, data in broken.items():
        put(HERE / "npz", name + ".npz", data)


# ---- JSON ----

def make_json():
    put(CORPUS / "json", "identity.json", b'{"id":"p1","gender":"female","age":31.5,"mixture":{"a":0.5,"b":5e-1},"shape":[0.1,-2,3],"x":[true,null,"\\u00e9\\n"]}')
    put(CORPUS / "json", "number.json", b"-12.5e+3")
    broken = {
        "empty": b"", "space": b"  \n", "cut": b'{"a":[1,2', "key-doubled": b'{"a":1,"a":2}', "text-after": b"{} {}", "comma-after": b"[1,]",
        "single-quotes": b"{'a':1}", "zero-before-number": b"[01]", "number-too-large": b"[1e999]", "integer-too-large": b"[99999999999999999999]",
        "nan": b"[NaN]", "zero-byte": b'["\0"]', "zero-escaped": b'["\\u0000"]', "not-utf8": b'["\xff"]', "half-surrogate": b'["\\ud800"]',
        "escape-unknown": b'["\\x"]', "newline-in-string": b'["\n"]', "nested-deeply": b"[" * 5000 + b"]" * 5000,
    }
    for name, data in broken.items():
        put(HERE / "json", name + ".json", data)


if __name__ == "__main__":
    make_png()
    make_jpeg()
    make_safetensors()
    make_npz()
    make_json()
