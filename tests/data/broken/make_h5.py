#!/usr/bin/env python3
"""Makes the HDF5 files of tests/data/broken/h5, each broken in one way that its name says, and the good ones in
tests/fuzz/corpus/h5 that the damage starts from. Needs h5py (made with 3.7.0, HDF5 1.10.8)."""

from pathlib import Path

import h5py
import numpy

HERE = Path(__file__).resolve().parent
CORPUS = HERE.parents[1] / "fuzz" / "corpus" / "h5"
BROKEN = HERE / "h5"


def good(path, libver, **storage):
    """What the tests know; `storage` is how the larger arrays are stored."""
    with h5py.File(path, "w", libver=libver) as file:
        basis = (numpy.arange(60).reshape(20, 3) / 8).astype("f4")
        file.create_dataset("shape/model/basis", data=basis, track_times=False, **storage)
        file.create_dataset("shape/model/big", data=basis.astype(">f8"), track_times=False, **storage)
        file.create_dataset("shape/cells", data=numpy.arange(12, dtype="u4").reshape(3, 4) + 4000000000, track_times=False, **storage)
        file.create_dataset("half", data=numpy.array([0.5, -2.0], dtype="f2"), track_times=False)
        file.create_dataset("wide", data=numpy.array([-(2**62) - 1], dtype=">i8"), track_times=False)
        file.create_dataset("flags", data=numpy.array([True, False, True]), track_times=False)
        file.create_dataset("scalar", data=numpy.int16(-5), track_times=False)
        file.create_dataset("empty", data=numpy.zeros((0, 4), "f4"), track_times=False)
        file.create_dataset("text", data=numpy.array([b"name 1\n"], dtype="S16"), track_times=False)
        file.create_dataset("texts", data=numpy.array([b"a", b"b"], dtype="S4"), track_times=False)
        file.create_dataset("variable", data="text of any length", track_times=False)
        file.create_dataset("pair", data=numpy.zeros(2, dtype=[("a", "f4"), ("b", "i4")]), track_times=False)
        file.create_dataset("nothing", data=h5py.Empty("f4"), track_times=False)
        file.create_group("group")
        file.attrs["version"] = 3


def damage(name):
    return h5py.File(BROKEN / (name + ".h5"), "w", libver=("earliest", "v110"))


def unsaved(file, name, shape, dtype="f4", **how):
    return file.create_dataset(name, shape=shape, dtype=dtype, track_times=False, **how)


def make_broken():
    with damage("link-soft") as file:
        file["a"] = h5py.SoftLink("/b")
    with damage("link-to-other-file") as file:
        file["a"] = h5py.ExternalLink("other.h5", "/b")
    with damage("link-circle") as file:
        file.create_group("g")["again"] = file["/"]
    with damage("groups-100-deep") as file:
        file.create_group("/".join("g" * 100))
    with damage("links-2-to-40") as file:  # each group holds the next one twice
        group = file
        for _ in range(40):
            below = group.create_group("a")
            group["b"] = below
            group = below
    with damage("data-in-other-file") as file:
        unsaved(file, "a", (4,), external=[("other.bin", 0, 16)])
    with damage("data-virtual") as file:
        layout = h5py.VirtualLayout(shape=(4,), dtype="f4")
        layout[:] = h5py.VirtualSource("other.h5", "a", shape=(4,))
        file.create_virtual_dataset("a", layout)
    with damage("data-never-stored") as file:
        unsaved(file, "a", (4,))
    with damage("data-never-stored-2-to-40") as file:
        unsaved(file, "a", (1 << 20, 1 << 20), chunks=(1024, 1024))
    with damage("data-2-to-40-with-one-chunk") as file:
        unsaved(file, "a", (1 << 20, 1 << 20), chunks=(64, 64), compression="gzip")[0, 0] = 1
    with damage("chunks-too-large") as file:
        unsaved(file, "a", (4096, 8192), chunks=(4096, 8192), compression="gzip")[0, 0] = 1
    with damage("dimensions-nine") as file:
        file.create_dataset("a", data=numpy.ones((1,) * 9, "f4"), track_times=False)
    with damage("filter-lzf") as file:
        file.create_dataset("a", data=numpy.zeros(64, "f4"), chunks=(64,), compression="lzf", track_times=False)
    with damage("filter-scale-offset") as file:
        file.create_dataset("a", data=numpy.arange(64), chunks=(64,), scaleoffset=0, track_times=False)
    with damage("truth-of-2") as file:
        data = file.create_dataset("a", data=numpy.array([True, False]), track_times=False)
        place = data.id.get_offset()
    change("truth-of-2", place, b"\2")
    with damage("deflate-damaged") as file:
        data = file.create_dataset("a", data=numpy.arange(256), chunks=(256,), compression="gzip", track_times=False)
        place = data.id.get_chunk_info(0).byte_offset
    change("deflate-damaged", place + 6, b"\xff\xff\xff")
    with damage("sum-wrong") as file:
        data = file.create_dataset("a", data=numpy.arange(256), chunks=(256,), fletcher32=True, track_times=False)
        place = data.id.get_chunk_info(0).byte_offset
    change("sum-wrong", place, b"\xff")
    with damage("name-with-newline") as file:
        file.create_dataset("a\nb", data=1.0, track_times=False)
    whole = (CORPUS / "contiguous.h5").read_bytes()
    (BROKEN / "empty.h5").write_bytes(b"")
    (BROKEN / "signature-only.h5").write_bytes(whole[:8])
    (BROKEN / "text.h5").write_bytes(b"no HDF5 file\n" * 100)
    (BROKEN / "cut-in-the-middle.h5").write_bytes(whole[: len(whole) // 2])
    (BROKEN / "cut-by-a-byte.h5").write_bytes(whole[:-1])
    (BROKEN / "superblock-version-99.h5").write_bytes(whole[:8] + b"\x63" + whole[9:])
    (BROKEN / "root-beyond-the-end.h5").write_bytes(whole[:64] + b"\xff\xff\xff\x00" + whole[68:])


def change(name, place, data):
    path = BROKEN / (name + ".h5")
    whole = path.read_bytes()
    path.write_bytes(whole[:place] + data + whole[place + len(data) :])


def main():
    CORPUS.mkdir(parents=True, exist_ok=True)
    BROKEN.mkdir(parents=True, exist_ok=True)
    good(CORPUS / "contiguous.h5", ("earliest", "v110"))
    good(CORPUS / "latest.h5", "latest")
    good(CORPUS / "chunked.h5", ("earliest", "v110"), chunks=True, compression="gzip", shuffle=True, fletcher32=True)
    (CORPUS / "user_block.h5").write_bytes(b"before the file".ljust(512) + (CORPUS / "latest.h5").read_bytes())
    make_broken()


if __name__ == "__main__":
    main()
