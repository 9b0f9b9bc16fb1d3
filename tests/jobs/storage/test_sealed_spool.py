"""A temporary file gives back what it was given, and shows nothing of it."""

import stat

from hypothesis import given
from hypothesis import strategies as st

from jobs.storage.sealed_spool import PIECE, SealedSpool


@given(st.lists(st.binary(max_size=400), max_size=9), st.sampled_from([0, 1, PIECE, PIECE + 1]))
def test_bytes_come_back_in_their_order(tmp_path_factory, given_bytes, more):
    spool = SealedSpool(tmp_path_factory.mktemp("spool") / "a")
    for data in [*given_bytes, bytes(more)]:
        assert spool.write(data) == len(data)
    assert b"".join(spool.pieces()) == b"".join([*given_bytes, bytes(more)])
    spool.remove()
    assert not spool.path.exists()


def test_what_is_on_the_disk_shows_nothing_and_is_its_owners(tmp_path):
    made = []
    for name in ("a", "b"):
        spool = SealedSpool(tmp_path / name)
        spool.write(b"canary" * 1000)
        spool.flush()
        made.append(spool.path.read_bytes())
        assert stat.S_IMODE(spool.path.stat().st_mode) == 0o600
        spool.remove()
    assert len(made[0]) == 6000
    assert b"canary" not in made[0]
    assert made[0] != made[1]
