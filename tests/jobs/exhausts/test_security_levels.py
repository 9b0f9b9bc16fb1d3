"""Files under each of Sunbird's levels: they open with their key, and without it there is none."""

import io
import zipfile

import pytest

from jobs.contracts.protection import PASSWORD, PLAIN, PUBLIC_KEY, TEXT_KEY
from jobs.errors import ArchiveError
from tests.jobs.delivery.age_readers import Pair, open_with_passphrase
from tests.jobs.exhausts.small_platform import BreaksFor, member_of, sealed, user_ids

PAIR = Pair()
KEY = "mango river seven"


def rule(platform, level, channel="up", public_key=None, text_key=None):
    platform.change(
        "INSERT INTO operations.policy VALUES (%s, '*', %s, %s, %s)"
        " ON CONFLICT (channel, job_id) DO UPDATE SET security_level = EXCLUDED.security_level,"
        " public_key = EXCLUDED.public_key",
        channel, level, public_key, text_key,
    )  # fmt: skip


def files(platform):
    """Every file in the object store, by its key."""
    folder = platform.objects.root
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_every_batch_of_a_request_opens_with_the_tenants_private_key(platform):
    # G11: with several batches, Sunbird's own encryption keeps the last one only.
    rule(platform, PUBLIC_KEY, public_key=PAIR.public())
    request_id = platform.ask("b1", "b2", "b-empty")
    platform.answer()
    opened = [member_of(PAIR.open(platform.archive(request_id, number))) for number in range(3)]
    assert [user_ids(content) for content in opened] == [["u1", "u2", "u3"], ["v1"], []]
    assert all(name.endswith(".zip.age") for name in files(platform))
    facts = platform.facts(request_id)
    assert (facts["is_protected"], facts["security_levels"]) == (True, [PUBLIC_KEY])
    (told,) = platform.deliveries(request_id)
    names = [one["file_name"] for one in told["attachments"]]
    assert all(name.endswith("_2026-11-22.zip.age") for name in names)
    assert [made["file_name"] for made in facts["batches"]] == names


def test_text_key_of_the_tenant_opens_the_file_of_a_request_without_one(platform):
    rule(platform, TEXT_KEY, text_key=sealed(KEY))
    request_id = platform.ask("b1")
    platform.answer()
    opened = open_with_passphrase(platform.archive(request_id), KEY)
    assert user_ids(member_of(opened)) == ["u1", "u2", "u3"]
    assert KEY not in str(platform.select("SELECT * FROM operations.policy"))


@pytest.mark.parametrize(
    ("level", "keys", "why"),
    [
        (PASSWORD, {}, "give a password"),
        (TEXT_KEY, {}, "give a password"),
        (TEXT_KEY, {"text_key": "not the platform's"}, "text key, and it cannot be read"),
        (PUBLIC_KEY, {}, "public key, and there is none"),
        (PUBLIC_KEY, {"public_key": "-----BEGIN PUBLIC KEY-----"}, "cannot be read"),
        ("PLAIN", {}, "'PLAIN', cannot be kept"),
        ("", {}, "'', cannot be kept"),
    ],
)
def test_rule_that_cannot_be_kept_fails_its_requests_only_and_leaves_no_file(
    platform, level, keys, why
):
    rule(platform, level, **keys)
    theirs, others = platform.ask("b1"), platform.ask("b2", by="br-admin", channel="br")
    platform.answer()
    assert why in platform.failure(theirs)
    assert platform.request(others)["status"] == "SUCCESS"
    assert len(files(platform)) == 1


def test_rule_that_became_stricter_since_the_cut_is_kept_and_the_weaker_file_is_gone(platform):
    request_id = platform.ask("b1")
    platform.claim()
    platform.cut()
    (weak,) = files(platform)
    rule(platform, PUBLIC_KEY, public_key=PAIR.public())
    assert platform.check() == {"put back": 1}
    assert platform.request(request_id)["status"] == "SUBMITTED"
    platform.answer()
    (strict,) = files(platform)
    assert (weak, strict) == (strict.removesuffix(".age"), f"{weak}.age")
    assert user_ids(member_of(PAIR.open(platform.archive(request_id)))) == ["u1", "u2", "u3"]


def test_rule_that_needs_a_key_since_the_cut_refuses_the_request_that_has_none(platform):
    request_id = platform.ask("b1")
    platform.claim()
    platform.cut()
    rule(platform, PASSWORD)
    assert platform.check() == {"failed": 1}
    assert "give a password" in platform.failure(request_id)
    assert files(platform) == {}


def test_rule_that_became_weaker_leaves_the_file_as_it_is(platform):
    rule(platform, PUBLIC_KEY, public_key=PAIR.public())
    request_id = platform.ask("b1")
    platform.claim()
    platform.cut()
    rule(platform, PLAIN)
    platform.check()
    assert platform.archive(request_id).startswith(b"age-encryption.org/v1\n")


@pytest.mark.parametrize("level", [PASSWORD, PUBLIC_KEY])
def test_archive_that_cannot_be_written_is_never_given_out_open(platform, level):
    # G8: Sunbird publishes the plain CSV where zipping fails.
    rule(platform, level, public_key=PAIR.public() if level == PUBLIC_KEY else None)
    request_id = platform.ask("b1", key=KEY)
    platform.claim()
    broken = BreaksFor(platform.objects, "b1", ArchiveError("The file could not be protected."))
    assert platform.cut(objects=broken) == {"failed": 1}
    assert "could not be protected" in platform.failure(request_id)
    assert files(platform) == {}


def test_workbook_and_csv_are_both_inside_the_age_file(make_platform, platform):
    platform.settings = make_platform(exhaust_formats=["csv", "xlsx"]).settings
    rule(platform, PUBLIC_KEY, public_key=PAIR.public())
    request_id = platform.ask("b1")
    platform.answer()
    with zipfile.ZipFile(io.BytesIO(PAIR.open(platform.archive(request_id)))) as found:
        assert [name[-4:] for name in found.namelist()] == [".csv", "xlsx"]
        assert found.testzip() is None
