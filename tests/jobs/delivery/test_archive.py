"""The zip around a file: opens with its password only, and is the same for the same bytes."""

import io
import struct
import tracemalloc
import zipfile
from datetime import UTC, datetime

import pytest
import pyzipper
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.contracts.protection import PASSWORD, PUBLIC_KEY, TEXT_KEY
from jobs.delivery.archive import archive, bundle, neutral_name
from jobs.delivery.protection import UNPROTECTED, Protection
from jobs.delivery.public_keys import read_public_key
from jobs.errors import ArchiveError
from tests.jobs.delivery.age_readers import Pair, open_with_passphrase

AT = datetime(2026, 11, 21, 14, 30, 7, tzinfo=UTC)
MEMBER = "progress_013_2026-11-21.csv"
PAIR = Pair()
BY_TEXT = Protection(TEXT_KEY, "secret", work=4)
BY_KEY = Protection(PUBLIC_KEY, public_key=read_public_key(PAIR.public()))
PROTECTIONS = [Protection(PASSWORD, "secret"), BY_TEXT, BY_KEY]
PASSWORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)


def locked_by(password):
    return Protection(PASSWORD, password) if password else UNPROTECTED


def zipped(data, password=None, *, member=MEMBER, pieces=1):
    target = io.BytesIO()
    protection = locked_by(password)
    with archive(target, member=member, protection=protection, modified_at=AT) as stream:
        step = max(1, len(data) // pieces)
        for start in range(0, len(data), step):
            stream.write(data[start : start + step])
    return target.getvalue()


def opened(archived, password):
    with pyzipper.AESZipFile(io.BytesIO(archived)) as found:
        found.setpassword(password.encode())
        return found.read(MEMBER)


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=5000), PASSWORDS, st.integers(1, 5))
def test_protected_file_comes_back_unchanged_with_its_password(data, password, pieces):
    assert opened(zipped(data, password, pieces=pieces), password) == data


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=5000), st.integers(1, 5))
def test_plain_zip_comes_back_unchanged_and_is_the_same_however_written(data, pieces):
    archived = zipped(data, pieces=pieces)
    with zipfile.ZipFile(io.BytesIO(archived)) as found:
        assert found.testzip() is None
        assert found.read(MEMBER) == data
    assert archived == zipped(data)


def test_protection_is_aes_with_256_bits():
    archived = zipped(b"External ID,User ID\r\n" * 50, "secret")
    method = struct.unpack_from("<H", archived, 8)[0]
    with zipfile.ZipFile(io.BytesIO(archived)) as found:
        (information,) = found.infolist()
    header, length, version, vendor, strength, inner = struct.unpack("<3H2sBH", information.extra)
    assert method == information.compress_type == 99
    assert (header, length, version, vendor) == (0x9901, 7, 2, b"AE")
    assert strength == 3
    assert inner == zipfile.ZIP_DEFLATED
    assert information.flag_bits & 1
    assert b"External" not in archived


def test_checksum_of_the_contents_is_not_told_beside_a_protected_file():
    with zipfile.ZipFile(io.BytesIO(zipped(b"one known line", "secret"))) as found:
        assert found.infolist()[0].CRC == 0


def test_protected_file_differs_each_time_since_its_salt_is_random():
    assert zipped(b"same", "secret") != zipped(b"same", "secret")


def test_wrong_password_opens_nothing():
    with pytest.raises(RuntimeError, match="Bad password"):
        opened(zipped(b"data" * 100, "secret"), "Secret")


def test_changed_byte_in_a_protected_file_is_found():
    data = bytes(range(256)) * 40
    archived = bytearray(zipped(data, "secret"))
    archived[200] ^= 1
    with pytest.raises(pyzipper.BadZipFile, match="HMAC"):
        opened(bytes(archived), "secret")


@pytest.mark.parametrize("member", ["../x.csv", "a/b.csv", "प्रगति.csv", "", "a\n.csv", "x" * 101])
def test_member_name_that_is_not_neutral_is_refused(member):
    with pytest.raises(ArchiveError, match="name"):
        zipped(b"", member=member)


@pytest.mark.parametrize("protection", [UNPROTECTED, *PROTECTIONS])
def test_failure_while_writing_leaves_no_archive_behind(protection):
    target = io.BytesIO()

    def write_half():
        with archive(target, member=MEMBER, protection=protection, modified_at=AT) as stream:
            stream.write(b"half of the file" * 9000)
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_half()
    assert target.getvalue() == b""


@pytest.mark.parametrize("password", [None, "secret"])
def test_member_carries_the_given_time_and_no_owner_but_one(password):
    with zipfile.ZipFile(io.BytesIO(zipped(b"x", password))) as found:
        (information,) = found.infolist()
    assert information.date_time == (2026, 11, 21, 14, 30, 6)
    assert information.external_attr >> 16 == 0o600


@pytest.mark.parametrize("password", [None, "secret"])
def test_several_members_are_beside_each_other_and_each_is_protected(password):
    target = io.BytesIO()
    with bundle(target, protection=locked_by(password), modified_at=AT) as members:
        for name in ("a.csv", "b.xlsx"):
            with members(name) as stream:
                stream.write(name.encode())
    with pyzipper.AESZipFile(target) as found:
        found.setpassword(password and password.encode())
        assert {name: found.read(name) for name in found.namelist()} == {
            "a.csv": b"a.csv",
            "b.xlsx": b"b.xlsx",
        }
        assert {bool(one.flag_bits & 1) for one in found.infolist()} == {bool(password)}


@pytest.mark.parametrize(
    ("protection", "opened"),
    [(BY_TEXT, lambda sealed: open_with_passphrase(sealed, "secret")), (BY_KEY, PAIR.open)],
)
def test_archive_is_inside_the_age_file_with_the_names_of_its_members(protection, opened):
    target = io.BytesIO()
    with bundle(target, protection=protection, modified_at=AT) as members:
        for name in ("a.csv", "b.xlsx"):
            with members(name) as stream:
                stream.write(name.encode() * 20_000)
    sealed = target.getvalue()
    assert b"a.csv" not in sealed
    with zipfile.ZipFile(io.BytesIO(opened(sealed))) as found:
        assert found.testzip() is None
        assert {name: found.read(name) for name in found.namelist()} == {
            name: name.encode() * 20_000 for name in ("a.csv", "b.xlsx")
        }


@pytest.mark.full
def test_member_beyond_4_gib_goes_through_in_the_memory_of_a_page(tmp_path):
    page, pages = bytes(1 << 20), 4100
    with (tmp_path / "made.zip.age").open("w+b") as target:
        tracemalloc.start()
        with archive(target, member=MEMBER, protection=BY_KEY, modified_at=AT) as stream:
            for _ in range(pages):
                stream.write(page)
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
        tracemalloc.stop()
    with zipfile.ZipFile(io.BytesIO(PAIR.open((tmp_path / "made.zip.age").read_bytes()))) as found:
        assert found.infolist()[0].file_size == pages << 20
        assert found.testzip() is None


@given(st.text(max_size=80))
def test_neutral_name_is_short_plain_ascii(text):
    name = neutral_name(text)
    assert len(name) <= 40
    assert all(part.isascii() and part.isalnum() for part in name.split("-") if part)


def test_neutral_name_keeps_what_can_be_read():
    assert neutral_name("NISHTHA 3.0: गणित (Maths)") == "nishtha-3-0-maths"
