"""Graphs on disk, mapped into memory: opening 31 million edges takes milliseconds.

Two layouts, both readable without Empreinte:

``.npz``
    Uncompressed, with `indptr`, `targets` and `weights`, each beginning at a multiple of 64 bytes
    so that it can be mapped (`numpy.load` reads it too).
``.arrow``
    An Arrow IPC file: one record batch of a row a node, its column ``edges`` of type
    ``large_list<struct<target: int32, weight: float32>>``; Arrow keeps such a column as the very
    arrays of a graph.

Files are mapped copy-on-write: what a program writes into the arrays never reaches the disk.
"""

from __future__ import annotations

import os
import re
import struct
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from empreinte.errors import UsageError

ALIGNMENT = 64
_PADDING_ID = 0xD935  # an extra field of zeros, as Android's zipalign writes
_HEADER_BYTES = 10_000
_DESCRIBED = re.compile(
    rb"\{'descr': '(<[iuf][248])', 'fortran_order': (?:True|False), 'shape': \((\d{1,18}),\), \}\s*"
)


_DAMAGES = (
    OSError, ValueError, KeyError, TypeError, OverflowError, MemoryError, NotImplementedError,
    zipfile.BadZipFile,
)  # fmt: skip


def save(arrays: dict[str, NDArray[Any]], path: str | os.PathLike[str]) -> None:
    """Write the arrays of a graph, by their names in `Graph`; the ending says the layout."""
    path = Path(path)
    writers = {".npz": _save_npz, ".arrow": _save_arrow}
    if path.suffix not in writers:
        raise UsageError(
            "A graph is kept as .npz or .arrow, not as {name}. For other formats, use "
            "empreinte.kernels.graphs.files.",
            name=path.name,
        )
    # Written beside, then renamed: a reader never maps half a file.
    beside = path.with_name(path.name + ".part")
    try:
        writers[path.suffix](arrays, beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def load(path: str | os.PathLike[str]) -> dict[str, NDArray[Any]]:
    """Map the arrays of a graph that `save` wrote, by their names in `Graph`.

    Raises
    ------
    UsageError
        If the file is neither, is damaged, or lacks an array.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            start = file.read(6)
        if start == b"ARROW1":
            return _load_arrow(path)
        if start[:4] == b"PK\x03\x04":
            return _load_npz(path)
    except _DAMAGES as error:
        raise UsageError(
            "{name} is damaged, or is no graph: {cause}", name=path.name, cause=error
        ) from (error)
    raise UsageError(
        "{name} is neither .npz nor .arrow. Read other formats with "
        "empreinte.kernels.graphs.files.read.",
        name=path.name,
    )


def _save_npz(arrays: dict[str, NDArray[Any]], path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            head = BytesIO()
            np.lib.format.write_array_header_1_0(
                head, np.lib.format.header_data_from_array_1_0(array)
            )
            info = zipfile.ZipInfo(f"{name}.npy")
            # The local header: 30 bytes, the name, 20 bytes of sizes past 4 GB, 4 of this field.
            before = archive.fp.tell() + 30 + len(info.filename) + 20 + 4 + len(head.getvalue())  # pyright: ignore[reportOptionalMemberAccess]
            padding = -before % ALIGNMENT
            info.extra = struct.pack("<HH", _PADDING_ID, padding) + bytes(padding)
            with archive.open(info, "w", force_zip64=True) as file:
                file.write(head.getvalue())
                for part in np.array_split(array, max(1, array.nbytes >> 26)):
                    file.write(part.data.cast("B"))


def _load_npz(path: Path) -> dict[str, NDArray[Any]]:
    found = {}
    with zipfile.ZipFile(path) as archive, path.open("rb") as file:
        for name in ("indptr", "targets", "weights"):
            if name == "weights" and "weights.npy" not in archive.namelist():
                continue
            info = archive.getinfo(f"{name}.npy")
            if info.compress_type != zipfile.ZIP_STORED:
                raise ValueError(f"{name} is compressed; write it again with numpy.savez")
            file.seek(info.header_offset + 26)
            sizes = int.from_bytes(file.read(2), "little"), int.from_bytes(file.read(2), "little")
            start = info.header_offset + 30 + sum(sizes)
            found[name] = _mapped(path, start, info.file_size)
    return found


def _mapped(path: Path, start: int, nbytes: int) -> NDArray[Any]:
    """Map the .npy file that lies in another, from byte `start`."""
    with path.open("rb") as file:
        file.seek(start)
        head = BytesIO(file.read(min(nbytes, _HEADER_BYTES)))
    magic, version = head.read(6), head.read(2)
    length = int.from_bytes(head.read(2 if version == b"\x01\x00" else 4), "little")
    described = _DESCRIBED.fullmatch(head.read(length))
    if magic != b"\x93NUMPY" or described is None:
        raise ValueError("an array that is not one row of numbers as numpy writes it")
    dtype, size = np.dtype(described[1].decode()), int(described[2])
    place = start + head.tell()
    if size * dtype.itemsize != nbytes - head.tell():
        raise ValueError(f"{nbytes} bytes for {size} of {dtype}")
    array = _map(path, dtype, place, size)
    return array if array.flags.aligned else array.copy()


def _map(path: Path, dtype: np.dtype[Any], start: int, size: int) -> NDArray[Any]:
    if not size:
        return np.empty(0, dtype)
    return np.asarray(np.memmap(path, dtype, mode="c", offset=start, shape=(size,)))


def _save_arrow(arrays: dict[str, NDArray[Any]], path: Path) -> None:
    import pyarrow as pa

    fields = {"target": pa.array(arrays["targets"])}
    if "weights" in arrays:
        fields["weight"] = pa.array(arrays["weights"])
    edges = pa.StructArray.from_arrays(list(fields.values()), list(fields))
    column = pa.LargeListArray.from_arrays(pa.array(arrays["indptr"]), edges)
    batch = pa.record_batch([column], names=["edges"])
    options = pa.ipc.IpcWriteOptions(allow_64bit=True)
    with (
        pa.OSFile(str(path), "wb") as file,
        pa.ipc.new_file(file, batch.schema, options=options) as writer,
    ):
        writer.write_batch(batch)


def _load_arrow(path: Path) -> dict[str, NDArray[Any]]:
    import pyarrow as pa

    with pa.memory_map(str(path)) as file:
        base = file.read_buffer(1).address
        reader = pa.ipc.open_file(file)
        if reader.num_record_batches != 1:
            raise ValueError(f"{reader.num_record_batches} batches instead of one")
        batch = reader.get_batch(0)
        batch.validate(full=False)
        edges = batch.column("edges")
        if not pa.types.is_large_list(edges.type) or not pa.types.is_struct(edges.type.value_type):
            raise ValueError(f"edges of type {edges.type}")
        named = edges.values
        arrays = {"indptr": edges.offsets, "targets": named.field("target")}
        if named.type.get_field_index("weight") >= 0:
            arrays["weights"] = named.field("weight")
        found = {}
        for name, array in arrays.items():
            if array.null_count or array.offset:
                raise ValueError(f"{name} with gaps")
            dtype = np.dtype(array.type.to_pandas_dtype())
            buffer = array.buffers()[1]
            within = buffer is not None and base <= buffer.address < base + path.stat().st_size
            found[name] = (
                _map(path, dtype, buffer.address - base, len(array))
                if within and buffer is not None
                else array.to_numpy(zero_copy_only=False).astype(dtype)
            )
    return found
