"""What proves things: the audit log as it was written, and the keys that certificates name."""

import shutil
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from jobs import evidence
from jobs.storage.audit import Entry, append
from jobs.storage.certificate_keys import certificate_keys, key_folder, rotate
from tests.jobs.certificates.issue_ledger import issue

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)


@pytest.fixture
def settings(store, make_settings):
    return make_settings(
        store_url=SecretStr(store.url), certificates_url="https://certificates.example.org"
    )


@pytest.fixture
def audited(store):
    for number in range(3):
        with store.transaction() as connection:
            append(connection, Entry(event="file_published", details={"n": number}), NOW)


def test_log_as_it_was_written_is_well(settings, audited):
    [found] = evidence.audit_log(settings)

    assert (found.ok, found.says) == (True, "3 rows, as they were written")


def test_altered_row_is_named_with_what_to_do(settings, store, audited):
    with store.transaction() as connection:
        connection.execute("ALTER TABLE operations.audit_log DISABLE TRIGGER USER")
        connection.execute("UPDATE operations.audit_log SET details = '{}' WHERE audit_id = 2")

    [found] = evidence.audit_log(settings)

    assert not found.ok
    assert "row 2 was altered" in found.says
    assert found.do


def test_looking_makes_no_key(settings):
    [found] = evidence.certificate_keys(settings)

    assert (found.ok, found.says) == (True, "none is needed yet")
    assert not key_folder(settings).exists()


def test_key_that_signs_is_told(settings):
    kid = certificate_keys(settings).kid

    [found] = evidence.certificate_keys(settings)

    assert (found.ok, found.says) == (True, f"{kid} signs, 1 verify")


def test_lost_key_is_told_until_its_public_part_is_back(settings, store, objects, tmp_path):
    issue(settings, store, objects, tmp_path)
    [found] = evidence.certificate_keys(settings)
    assert found.ok
    held = certificate_keys(settings)
    folder = key_folder(settings)
    shutil.rmtree(folder)

    [found] = evidence.certificate_keys(settings)
    assert not found.ok
    assert found.says == (
        f"1 certificates were signed with keys that are not in {folder}: {held.kid}. Nobody can"
        " verify them"
    )

    rotate(settings, NOW)
    (folder / "20200101T000000Z.pem").write_bytes(held.public_pems[held.kid])
    [found] = evidence.certificate_keys(settings)
    assert found.ok


def test_private_key_that_others_can_read_is_told(settings):
    certificate_keys(settings)
    [file] = key_folder(settings).glob("*.pem")
    file.chmod(0o644)

    [found] = evidence.certificate_keys(settings)

    assert not found.ok
    assert f"can read {file.name}" in found.says
    assert "chmod 600" in found.do
