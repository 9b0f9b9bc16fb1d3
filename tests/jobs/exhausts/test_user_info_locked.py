"""Learners' details are never in the clear: no key, no file, and nothing left behind."""

import io
import os
import tempfile

import pytest
import pyzipper

from jobs.storage import aside
from tests.jobs.exhausts.personal_platform import KEY, adult, consent, filled
from tests.jobs.exhausts.small_platform import member_of, sealed


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"key": None}, "password"),
        ({"key": "short"}, "fewer than 12 characters"),
        ({"key": "Password1234"}, "tried first"),
    ],
)
def test_without_a_key_that_keeps_people_out_there_is_no_file_anywhere(two_agree, values, reason):
    request_id = two_agree.ask("b1", **values)
    assert two_agree.answer() == {"failed": 1}
    assert reason in two_agree.failure(request_id)
    assert two_agree.files() == []


@pytest.mark.parametrize("job_id", ["userinfo-exhaust", "*"])
@pytest.mark.parametrize("channel", ["up", "*"])
def test_a_policy_that_says_plain_makes_no_file_even_with_a_key(two_agree, channel, job_id):
    two_agree.change(
        "INSERT INTO operations.policy (channel, job_id, security_level)"
        " VALUES (%s, %s, 'PLAIN_DATASET')", channel, job_id,
    )  # fmt: skip
    request_id = two_agree.ask("b1")
    assert two_agree.answer() == {"failed": 1}
    assert "without protection" in two_agree.failure(request_id)
    assert two_agree.files() == []


def test_a_key_that_does_not_open_makes_no_file(two_agree):
    request_id = two_agree.ask("b1")
    two_agree.change("UPDATE job_request SET encryption_key = 'bm90IG91cnM='")
    assert two_agree.answer() == {"failed": 1}
    assert "cannot be read" in two_agree.failure(request_id)
    assert two_agree.files() == []


def test_the_archive_opens_with_its_key_alone_and_shows_tampering(two_agree):
    request_id = two_agree.ask("b1")
    two_agree.answer()
    archive = two_agree.archive(request_id)
    with pytest.raises(RuntimeError, match=r"[Pp]assword"):
        member_of(archive, "another horse battery")
    with pyzipper.AESZipFile(io.BytesIO(archive)) as zipped:
        (member,) = zipped.infolist()
        assert (member.wz_aes_strength, member.flag_bits & 1) == (3, 1)
        at = member.header_offset + 30 + len(member.filename) + 60
    touched = bytearray(archive)
    touched[at] ^= 1
    with pytest.raises(Exception, match=r"HMAC|CRC|decompress|invalid"):
        member_of(bytes(touched), KEY)


def test_no_key_address_or_number_is_kept_anywhere_but_in_the_archive(two_agree, caplog, capfd):
    request_id = two_agree.ask("b1")
    two_agree.answer()
    two_agree.send()
    kept = [path.read_bytes() for path in two_agree.objects.root.rglob("*") if path.is_file()]
    told = str(two_agree.select("SELECT * FROM job_request")).encode()
    told += str(two_agree.select("SELECT * FROM operations.delivery")).encode()
    told += str(two_agree.select("SELECT * FROM operations.audit_log")).encode()
    told += two_agree.letters()[0].read_bytes()
    told += caplog.text.encode() + "".join(capfd.readouterr()).encode()
    for secret in (KEY, "u1@example.org", "9876543210"):
        assert all(secret.encode() not in part for part in [*kept, told])
    assert two_agree.request(request_id)["encryption_key"] == sealed(KEY)


def test_half_a_file_of_a_killed_run_is_cleared_away_by_the_next_even_without_work(
    two_agree, tmp_path, monkeypatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    left = aside.own_root() / ".killed.part"
    left.mkdir(parents=True)
    (left / "file.xlsx").write_text("u1@example.org")
    os.utime(left, (0, 0))
    assert two_agree.cut() == {}
    assert not left.exists()


def test_nothing_stays_in_the_private_folder_of_temporary_files(
    make_personal, tmp_path, monkeypatch
):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    platform = filled(
        make_personal(exhaust_formats=["csv", "xlsx"]), [adult("u1")], [consent("u1")]
    )
    request_id = platform.ask("b1")
    platform.answer()
    root = aside.own_root()
    assert (root.stat().st_mode & 0o777, list(root.iterdir())) == (0o700, [])
    with pyzipper.AESZipFile(io.BytesIO(platform.archive(request_id))) as zipped:
        assert [name.rsplit(".")[-1] for name in zipped.namelist()] == ["csv", "xlsx"]
        assert all(member.flag_bits & 1 for member in zipped.infolist())
