#!/usr/bin/env python3
"""Makes the MATLAB 5 files of tests/data/broken/mat, each broken in one way that its name says, and the good ones in
tests/fuzz/corpus/mat that the damage starts from. scipy.mat there is what SciPy 1.10.1's savemat writes (do_compression=True);
everything else is Python's standard library only."""

import struct
import sys
import zlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
CORPUS = HERE.parents[1] / "fuzz" / "corpus" / "mat"
BROKEN = HERE / "mat"
CELL, STRUCT, CHAR, SPARSE, DOUBLE, SINGLE, INT8, UINT8, INT16, INT32, INT64, UINT64 = 1, 2, 4, 5, 6, 7, 8, 9, 10, 12, 14, 15
CODES = {1: "b", 2: "B", 3: "h", 4: "H", 5: "i", 6: "I", 7: "f", 9: "d", 12: "q", 13: "Q"}


class Writer:
    """Elements of one byte order."""

    def __init__(self, order="<"):
        self.order = order

    def pack(self, code, *values):
        return struct.pack(self.order + str(len(values)) + code, *values)

    def element(self, kind, data, short=True):
        if short and 0 < len(data) <= 4:
            if self.order == "<":
                return struct.pack("<HH", kind, len(data)) + data.ljust(4, b"\0")
            return struct.pack(">HH", len(data), kind) + data.ljust(4, b"\0")
        return self.pack("I", kind, len(data)) + data + b"\0" * (-len(data) % 8)

    def numbers(self, kind, values):
        return self.element(kind, self.pack(CODES[kind], *values))

    def array(self, name, shape, array_class, contents, flags=0):
        return self.element(
            14,
            self.element(6, self.pack("I", array_class | flags, 0))
            + self.element(5, self.pack("i", *shape))
            + self.element(1, name)
            + contents,
        )

    def header(self, version=0x0100, text=b"MATLAB 5.0 MAT-file"):
        return text.ljust(124, b" ")[:124] + self.pack("H", version) + (b"IM" if self.order == "<" else b"MI")

    def file(self, *variables):
        return self.header() + b"".join(variables)

    def packed(self, variable):
        data = zlib.compress(variable)
        return self.pack("I", 15, len(data)) + data


def matrix(rows, columns, value):
    """Column-major, as MATLAB has it."""
    return [value(i, j) for j in range(columns) for i in range(rows)]


def good(w):
    """The variables that the tests know."""
    deep = w.array(b"", (1, 2), SINGLE, w.numbers(7, [1.5, -2.5]))
    inner = w.array(b"", (1, 1), STRUCT, w.numbers(5, [8]) + w.element(1, b"deep".ljust(8, b"\0")) + deep)
    fields = w.numbers(5, [8]) + w.element(1, b"mean".ljust(8, b"\0") + b"inner".ljust(8, b"\0"))
    mean = w.array(b"", (2, 1), DOUBLE, w.numbers(9, [0.25, 1e300]))
    text = w.array(b"title", (1, 3), CHAR, w.numbers(4, [65, 66, 67]))
    sparse = w.array(b"sparse", (3, 3), SPARSE, w.numbers(5, [0]) + w.numbers(5, [0, 0, 0, 1]) + w.numbers(9, [2.0]))
    return [
        w.array(b"small", (3, 4), DOUBLE, w.numbers(2, matrix(3, 4, lambda i, j: 10 * i + j))),
        w.array(b"below", (2, 3), DOUBLE, w.numbers(3, matrix(2, 3, lambda i, j: -300 * i - j))),
        w.array(b"single", (4, 2), SINGLE, w.numbers(7, matrix(4, 2, lambda i, j: i + j / 4))),
        w.array(b"rounded", (2, 1), SINGLE, w.numbers(9, [0.1, 3.0])),
        w.array(b"whole", (1, 3), INT32, w.numbers(5, [1, -70000, 2147483647])),
        w.array(b"wide", (1, 2), INT64, w.numbers(12, [-(2**62) - 1, 2**62 + 1])),
        w.array(b"flags", (2, 2), UINT8, w.numbers(2, [1, 0, 0, 1]), 0x200),
        w.array(b"cube", (2, 3, 4), INT16, w.numbers(3, [i + 10 * j + 100 * k for k in range(4) for j in range(3) for i in range(2)])),
        w.array(b"empty", (0, 3), DOUBLE, w.numbers(9, [])),
        text,
        sparse,
        w.array(b"model", (1, 1), STRUCT, fields + mean + inner),
        w.array(b"parts", (1, 2), CELL, w.array(b"", (1, 1), UINT8, w.numbers(2, [7])) + w.array(b"", (1, 1), INT8, w.numbers(1, [-7]))),
    ]


def nested(w, depth):
    inside = w.array(b"", (1, 1), DOUBLE, w.numbers(9, [1.0]))
    for _ in range(depth):
        inside = w.array(b"", (1, 1), CELL, inside)
    return w.array(b"c", (1, 1), CELL, inside)


def damage(w):
    """Name and bytes of each broken file."""
    a = w.array(b"a", (2, 2), DOUBLE, w.numbers(9, [1.0, 2.0, 3.0, 4.0]))
    numbers = w.numbers(9, [1.0, 2.0, 3.0, 4.0])
    flags = w.element(6, w.pack("I", DOUBLE, 0))
    whole = w.file(a)
    yield "empty", b""
    yield "header-cut", whole[:100]
    yield "no-byte-order", whole[:126] + b"XX" + whole[128:]
    yield "version-4", w.header(version=0x0004) + a
    yield "version-7-3", w.header(version=0x0200) + a
    yield "tag-cut", whole[:132]
    yield "data-cut", whole[:-8]
    yield "padding-cut", whole + w.array(b"b", (1, 1), DOUBLE, w.pack("I", 2, 1) + b"\1")
    yield "bytes-behind", whole + b"\0\0\0"
    yield "length-4-gigabytes", w.header() + w.pack("I", 14, 0xFFFFFFF0) + a[8:]
    yield "element-of-no-array", w.header() + numbers
    yield "short-element-too-long", w.file(w.element(14, w.pack("I", 6 | 5 << 16, 0)))
    yield "inner-length-too-long", w.file(w.array(b"a", (2, 2), DOUBLE, w.pack("I", 9, 0x7FFFFFF0) + numbers[8:]))
    yield "flags-missing", w.file(w.element(14, w.element(5, w.pack("i", 2, 2)) + numbers))
    yield "flags-empty", w.file(w.element(14, w.element(6, b"") + w.element(5, w.pack("i", 2, 2)) + w.element(1, b"a") + numbers))
    yield "class-0", w.file(w.array(b"a", (2, 2), 0, numbers))
    yield "class-200", w.file(w.array(b"a", (2, 2), 200, numbers))
    yield "dimensions-one", w.file(w.array(b"a", (4,), DOUBLE, numbers))
    yield "dimensions-nine", w.file(w.array(b"a", (1,) * 8 + (4,), DOUBLE, numbers))
    yield "dimensions-negative", w.file(w.array(b"a", (-2, -2), DOUBLE, numbers))
    yield "dimensions-large", w.file(w.array(b"a", (65536, 65536), DOUBLE, numbers))
    yield "dimensions-overflow", w.file(w.array(b"a", (2147483647,) * 4, DOUBLE, numbers))
    yield "dimensions-three-bytes", w.file(w.element(14, flags + w.element(5, b"\2\0\0", False) + w.element(1, b"a") + numbers))
    yield "dimensions-unlike-data", w.file(w.array(b"a", (2, 3), DOUBLE, numbers))
    yield "data-not-whole-numbers", w.file(w.array(b"a", (2, 2), DOUBLE, w.element(9, b"\0" * 31)))
    yield "data-of-type-14", w.file(w.array(b"a", (2, 2), DOUBLE, w.element(14, b"\0" * 32)))
    yield "data-missing", w.file(w.array(b"a", (2, 2), DOUBLE, b""))
    yield "data-twice", w.file(w.array(b"a", (2, 2), DOUBLE, numbers + numbers))
    yield "complex", w.file(w.array(b"a", (2, 2), DOUBLE, numbers + numbers, 0x800))
    yield "integer-out-of-range", w.file(w.array(b"a", (1, 1), UINT8, w.numbers(3, [256])))
    yield "integer-negative", w.file(w.array(b"a", (1, 1), UINT64, w.numbers(1, [-1])))
    yield "integer-with-fraction", w.file(w.array(b"a", (1, 1), INT32, w.numbers(9, [0.5])))
    yield "integer-not-a-number", w.file(w.array(b"a", (1, 1), INT32, w.numbers(9, [float("nan")])))
    yield "name-of-256-bytes", w.file(w.array(b"a" * 256, (2, 2), DOUBLE, numbers))
    yield "name-with-newline", w.file(w.array(b"a\nb", (2, 2), DOUBLE, numbers))
    yield "name-twice", w.file(a, a)
    yield "cells-2-to-40", w.file(w.array(b"c", (1 << 20, 1 << 20), CELL, b""))
    yield "cells-missing", w.file(w.array(b"c", (1, 3), CELL, w.array(b"", (1, 1), DOUBLE, w.numbers(9, [1.0]))))
    yield "cells-nested-3000-deep", w.file(nested(w, 3000))
    yield "fields-length-0", w.file(w.array(b"s", (1, 1), STRUCT, w.numbers(5, [0]) + w.element(1, b"")))
    yield "fields-length-negative", w.file(w.array(b"s", (1, 1), STRUCT, w.numbers(5, [-8]) + w.element(1, b"12345678")))
    yield "fields-not-whole-names", w.file(w.array(b"s", (1, 1), STRUCT, w.numbers(5, [8]) + w.element(1, b"123456789abc")))
    yield "fields-missing", w.file(w.array(b"s", (1, 1), STRUCT, w.numbers(5, [8]) + w.element(1, b"12345678")))
    yield "packed-damaged", whole[:128] + w.packed(a)[:20] + b"\xff" + w.packed(a)[21:]
    yield "packed-cut", w.file(w.pack("I", 15, 30) + zlib.compress(a)[:30])
    yield "packed-check-sum-wrong", w.file(w.packed(a)[:-1] + bytes([w.packed(a)[-1] ^ 1]))
    yield "packed-bytes-behind", w.file(w.pack("I", 15, len(zlib.compress(a)) + 3) + zlib.compress(a) + b"abc")
    yield "packed-longer-than-it-says", w.file(w.packed(a + a))
    yield "packed-shorter-than-it-says", w.file(w.packed(a[:-8]))
    yield "packed-in-packed", w.file(w.packed(w.packed(a)))
    yield "packed-of-nothing", w.file(w.packed(b""))
    yield "packed-lie-of-4-gigabytes", w.file(w.packed(w.pack("I", 14, 0xFFFFFFF0) + a[8:]))
    bomb = w.array(b"a", (1 << 24, 8), UINT8, w.element(2, bytes(1 << 27)))
    yield "packed-bomb", w.file(w.packed(bomb))


def main():
    CORPUS.mkdir(parents=True, exist_ok=True)
    BROKEN.mkdir(parents=True, exist_ok=True)
    little, big = Writer("<"), Writer(">")
    (CORPUS / "little.mat").write_bytes(little.file(*good(little)))
    (CORPUS / "big.mat").write_bytes(big.file(*good(big)))
    (CORPUS / "packed.mat").write_bytes(little.file(*(little.packed(v) for v in good(little))))
    for name, data in damage(little):
        (BROKEN / (name + ".mat")).write_bytes(data)
    if "--scipy" in sys.argv:
        import numpy
        import scipy.io

        basis = (numpy.arange(600).reshape(100, 6) / 8).astype(numpy.float32)
        values = {"basis": basis, "index": numpy.arange(1.0, 31.0).reshape(10, 3), "name": "text", "gone": scipy.sparse.identity(4)}
        scipy.io.savemat(CORPUS / "scipy.mat", values, do_compression=True)


if __name__ == "__main__":
    main()
