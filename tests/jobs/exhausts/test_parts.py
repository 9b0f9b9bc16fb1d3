"""A long file in parts: none longer than allowed, nothing lost, and a manifest that is true."""

import csv
import hashlib
import io
from contextlib import contextmanager

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.exhausts.parts import parts

HEADER = b"\xef\xbb\xbfId"


def written(pages, limit):
    """The files by name, and the manifest's rows."""
    files = {}

    @contextmanager
    def members(name):
        stream = io.BytesIO()
        yield stream
        files[name] = stream.getvalue()

    total = sum(map(len, pages))
    with parts(members, "name", header=HEADER, limit=limit, row_count=total) as made:
        for page in pages:
            made.add(pa.array([f"\r\n{value}" for value in page]))
    return files, list(csv.DictReader(io.StringIO(made.manifest().decode("utf-8-sig"))))


@given(st.lists(st.lists(st.integers(), min_size=1, max_size=9), max_size=6), st.integers(1, 7))
def test_every_row_is_in_one_part_in_order_and_the_manifest_tells_it(pages, limit):
    files, manifest = written(pages, limit)

    found = []
    for told, (name, data) in zip(manifest, files.items(), strict=True):
        header, *rows = data.decode("utf-8-sig").splitlines()
        found += rows
        assert (header, told["File"]) == ("Id", name)
        assert (int(told["Rows"]), int(told["Bytes"])) == (len(rows), len(data))
        assert told["SHA-256"] == hashlib.sha256(data).hexdigest()
        assert len(rows) <= limit
    assert found == [str(value) for page in pages for value in page]
    assert len(files) == max(1, -(-len(found) // limit))


@pytest.mark.parametrize(
    ("rows", "names"),
    [(0, ["name.csv"]), (3, ["name.csv"]), (4, ["name_part-01.csv", "name_part-02.csv"])],
)
def test_only_a_file_that_is_too_long_is_called_a_part(rows, names):
    files, _ = written([range(rows)] if rows else [], 3)

    assert list(files) == names
