"""Age files: opened by other programs than ours with the right key, and by nothing else."""

import io

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.delivery.age import LINE, PIECE, AgeStream, for_passphrase, for_public_key
from jobs.delivery.public_keys import read_public_key
from tests.jobs.delivery.age_readers import (
    Pair,
    age_with_key,
    age_with_passphrase,
    needs_age,
    open_with_passphrase,
)

IDENTITY = pyrage.x25519.Identity.generate()
RECIPIENT = read_public_key(str(IDENTITY.to_public()))
EASY = 4
EDGES = [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 1]


def sealed(data, wrap, *, pieces=1):
    target = io.BytesIO()
    stream = AgeStream(target, wrap)
    step = max(1, -(-len(data) // pieces))
    for start in range(0, len(data), step):
        assert stream.write(data[start : start + step]) == len(data[start : start + step])
    stream.finish()
    return target.getvalue()


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(EDGES) | st.integers(0, 3 * PIECE), st.integers(1, 5))
def test_file_of_any_length_comes_back_however_it_was_written(length, pieces):
    data = bytes(number % 251 for number in range(length))
    locked = sealed(data, for_public_key(RECIPIENT), pieces=pieces)
    assert pyrage.decrypt(locked, [IDENTITY]) == data


@settings(max_examples=20, deadline=None)
@given(st.binary(max_size=300), st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_passphrase_in_any_script_opens_the_file(data, passphrase):
    locked = sealed(data, for_passphrase(passphrase, work=EASY))
    assert open_with_passphrase(locked, passphrase) == data


def test_wrong_passphrase_and_wrong_key_open_nothing():
    with pytest.raises(pyrage.DecryptError):
        open_with_passphrase(sealed(b"x", for_passphrase("right", work=EASY)), "Right")
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed(b"x", for_public_key(RECIPIENT)), [pyrage.x25519.Identity.generate()])


@pytest.mark.parametrize("bits", [2048, 3072])
def test_rsa_key_of_any_usual_size_opens_the_file(bits):
    pair = Pair(bits)
    locked = sealed(b"x" * 99, for_public_key(read_public_key(pair.public())))
    assert pair.open(locked) == b"x" * 99
    # The wrapped key of 3072 bits fills its lines to the last letter: an empty one must follow.
    assert len(locked.partition(b"\n---")[0].rpartition(b"\n")[2]) < LINE
    assert locked.count(b"\n\n---") == (bits == 3072)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_changed_byte_anywhere_is_found(data):
    locked = bytearray(sealed(b"known" * 40, for_public_key(RECIPIENT)))
    locked[data.draw(st.integers(0, len(locked) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(bytes(locked), [IDENTITY])


def test_file_that_was_cut_off_does_not_open_even_between_two_pieces():
    locked = sealed(bytes(3 * PIECE), for_public_key(RECIPIENT))
    piece_and_tag = PIECE + 16
    for end in (len(locked) - 1, len(locked) - piece_and_tag, len(locked) - 2 * piece_and_tag):
        with pytest.raises(pyrage.DecryptError):
            pyrage.decrypt(locked[:end], [IDENTITY])


def test_half_a_file_that_is_thrown_away_is_not_finished_by_itself():
    target = io.BytesIO()
    stream = AgeStream(target, for_public_key(RECIPIENT))
    stream.write(b"half")
    began = target.getvalue()
    del stream
    assert target.getvalue() == began
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(began, [IDENTITY])


def test_same_file_differs_each_time_and_shows_nothing_of_its_contents():
    first, second = (sealed(b"User ID" * 50, for_public_key(RECIPIENT)) for _ in range(2))
    assert first != second
    assert b"User ID" not in first
    assert first.startswith(b"age-encryption.org/v1\n-> X25519 ")


@pytest.mark.full
@needs_age
def test_the_command_age_opens_what_is_locked_for_each_kind_of_key(tmp_path):
    data = bytes(range(256)) * 1000
    rsa = Pair(3072)
    ours = sealed(data, for_public_key(RECIPIENT))
    theirs = sealed(data, for_public_key(read_public_key(rsa.public())))
    for locked, secret in ((ours, str(IDENTITY).encode()), (theirs, rsa.secret())):
        opened = age_with_key(tmp_path, locked, secret)
        assert (opened.returncode, opened.stdout == data) == (0, True), opened.stderr
    assert age_with_key(tmp_path, theirs, Pair().secret()).returncode != 0
    assert age_with_key(tmp_path, theirs[:-1], rsa.secret()).returncode != 0


@pytest.mark.full
@needs_age
def test_the_command_age_opens_what_is_locked_with_a_passphrase(tmp_path):
    locked = sealed(b"x" * 70_000, for_passphrase("पासवर्ड with blanks"))
    assert age_with_passphrase(tmp_path, locked, "पासवर्ड with blanks") == (0, b"x" * 70_000)
    code, opened = age_with_passphrase(tmp_path, locked, "wrong")
    assert (code, opened) == (1, b"")
