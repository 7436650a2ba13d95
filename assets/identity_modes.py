#!/usr/bin/env python3
"""Makes assets/identity-modes.npz: ICT-FaceKit's identity modes on MakeHuman's head, quantised to 8 bits.

    python3 assets/identity_modes.py MODES.npz assets/identity-modes.npz

MODES.npz holds `identity`, float32 (modes, 4326, 3): displacements in decimetres of the vertices that `diffuse model build` cuts
out of MakeHuman's base mesh (in the base's order), one standard deviation each. They come from ICT-FaceKit's 100 identity morphs by
a similarity fit of its neutral to the base mesh (0.0916 dm a unit), a wrap of the base mesh onto the neutral (closest points,
held together by the Laplacian, 40 steps), and inverse distance to the 3 nearest vertices of ICT's mesh; the mouth's inside is filled
by Laplace's equation.

The table has `modes`, int8 (modes, 4326, 3), and `scale`, float32 (modes,): millimetres a step. Prints the error. Standard library
only; the same input gives the same bytes.

ICT-FaceKit, Copyright (c) 2020 USC Institute for Creative Technologies, MIT License (LICENSE.ict-facekit).
Li et al., "Learning Formation of Physically-Based Face Attributes", CVPR 2020.
"""
import array
import ast
import math
import struct
import sys
import zipfile

VERTICES = 4326
MM_PER_DM = 100.0


def read_identity(path):
    """The modes as float32, and how many there are."""
    data = zipfile.ZipFile(path).read("identity.npy")
    header_size = struct.unpack("<H", data[8:10])[0]
    header = ast.literal_eval(data[10 : 10 + header_size].decode("latin-1"))
    shape = header["shape"]
    if header["descr"] != "<f4" or header["fortran_order"] or len(shape) != 3 or shape[1:] != (VERTICES, 3):
        sys.exit(f"{path}: identity is {header}, expected float32 (modes, {VERTICES}, 3)")
    values = array.array("f")
    values.frombytes(data[10 + header_size :])
    return values, shape[0]


def npy(descr, shape, payload):
    header = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (-(10 + len(header) + 1) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + payload


def quantise(mode):
    """Steps in -127 .. 127 and the millimetres that one is."""
    scale = max(abs(x) for x in mode) * MM_PER_DM / 127
    return array.array("b", (round(x * MM_PER_DM / scale) for x in mode)), scale


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    values, modes = read_identity(sys.argv[1])
    size = VERTICES * 3
    steps, scales, squares, worst = array.array("b"), array.array("f"), 0.0, 0.0
    for k in range(modes):
        mode = values[k * size : (k + 1) * size]
        quantised, scale = quantise(mode)
        errors = [abs(q * scale - x * MM_PER_DM) for q, x in zip(quantised, mode)]
        squares += sum(e * e for e in errors)
        worst = max(worst, max(errors))
        steps.extend(quantised)
        scales.append(scale)
    with zipfile.ZipFile(sys.argv[2], "w", zipfile.ZIP_STORED) as out:
        for name, data in (("modes", npy("|i1", (modes, VERTICES, 3), steps.tobytes())), ("scale", npy("<f4", (modes,), scales.tobytes()))):
            out.writestr(zipfile.ZipInfo(name + ".npy", (1980, 1, 1, 0, 0, 0)), data)
    print(f"{modes} modes; a random head is off by {math.sqrt(squares / VERTICES):.3f} mm RMS a vertex; no coordinate of a mode by more than {worst:.3f} mm")


main()
