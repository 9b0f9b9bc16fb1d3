"""Columns of any length at the speed of arrays: ids, texts from a pool, instants and maps."""

from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ints = npt.NDArray[np.int64]
HEX = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)
DASHES = (8, 13, 18, 23)


def hex_ids(rng: np.random.Generator, count: int) -> pa.Array:
    return texts_of(hex_digits(rng, count))


def uuids(rng: np.random.Generator, count: int) -> pa.Array:
    digits = hex_digits(rng, count)
    digits[:, 12] = ord("4")
    text = np.full((count, 36), ord("-"), dtype=np.uint8)
    text[:, [i for i in range(36) if i not in DASHES]] = digits
    return texts_of(text)


def hex_digits(rng: np.random.Generator, count: int) -> npt.NDArray[np.uint8]:
    raw = np.frombuffer(rng.bytes(16 * count), dtype=np.uint8).reshape(count, 16)
    digits = np.empty((count, 32), dtype=np.uint8)
    digits[:, 0::2] = HEX[raw >> 4]
    digits[:, 1::2] = HEX[raw & 15]
    return digits


def texts_of(letters: npt.NDArray[np.uint8]) -> pa.Array:
    """One ASCII text a row, all of the same length."""
    count, length = letters.shape
    offsets = np.arange(count + 1, dtype=np.int32) * np.int32(length)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(letters))]
    return pa.Array.from_buffers(pa.string(), count, buffers)


def pick(rng: np.random.Generator, pool: list[str], count: int) -> pa.Array:
    return pa.array(pool, pa.string()).take(pa.array(rng.integers(len(pool), size=count)))


def instants(start: datetime, seconds: npt.NDArray[Any], missing: Any = None) -> pa.Array:
    micros = np.int64(start.timestamp()) * 1_000_000 + seconds.astype(np.int64) * 1_000_000
    return pa.array(micros, mask=missing).cast(pa.timestamp("us", tz="UTC"))


def first_of_each(firsts: Ints, counts: Ints) -> Ints:
    """For each row the numbers first, first + 1, ... of its count, one after the other."""
    ends = np.cumsum(counts)
    return np.repeat(firsts - (ends - counts), counts) + np.arange(ends[-1] if len(ends) else 0)


def maps(counts: Ints, keys: pa.Array, values: pa.Array) -> pa.Array:
    """A map a row; a row without entries is NULL, as Cassandra holds an empty map."""
    ends = np.concatenate([[0], np.cumsum(counts)])
    offsets = pa.array(ends, pa.int32(), mask=np.append(counts == 0, [False]))
    return pa.MapArray.from_arrays(offsets, keys, values)
