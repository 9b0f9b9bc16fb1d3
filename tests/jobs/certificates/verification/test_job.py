"""`certificate verify`: what its user sees, and the exit code that a script sees."""

import pytest

from jobs.certificates.signing.job import open_desk
from jobs.errors import SettingsError
from jobs.storage.objects import FolderObjects
from tests.jobs.certificates.issue_ledger import issue, revoke
from tests.jobs.certificates.papers import PUBLIC_URL


@pytest.fixture
def home(make_settings, store, tmp_path, jobs):
    settings = make_settings(certificates_url=PUBLIC_URL)
    made, facts = issue(settings, store, FolderObjects(settings.objects), tmp_path)

    def verify(what):
        return jobs(
            "certificate", "verify", str(what), home=settings.home, store_url=store.url,
        )  # fmt: skip

    return made, facts, verify


def test_a_certificate_is_verified_by_file_number_and_address(home, tmp_path):
    made, facts, verify = home
    file = tmp_path / "given.pdf"
    file.write_bytes(made.pdf)
    for what in (file, facts.certificate_id, f"{PUBLIC_URL}/certificates/{facts.certificate_id}"):
        ended = verify(what)
        assert (ended.code, ended.out.splitlines()[0]) == (0, "genuine: It is as it was issued.")
    assert "  name          Asha Patel" in ended.out.splitlines()


def test_each_verdict_has_its_exit_code(home, store, tmp_path):
    made, facts, verify = home
    altered = tmp_path / "altered.pdf"
    altered.write_bytes(made.pdf + b" ")
    assert (verify(altered).code, verify("0" * 32).code) == (20, 21)
    revoke(store, facts)
    ended = verify(facts.certificate_id)
    assert (ended.code, ended.out.split(":")[0]) == (22, "revoked")


@pytest.mark.parametrize("what", ["nothing.pdf", "12", "0" + "-" * 34 + "0", "https://x.example/a"])
def test_what_is_neither_file_nor_number_is_refused_in_words(home, what):
    _, _, verify = home
    ended = verify(what)
    assert ended.code == 12
    assert "its file, its number, or the address of its page" in ended.err


def test_a_file_that_cannot_be_read_or_is_far_too_large_is_refused_in_words(home, tmp_path):
    _, _, verify = home
    assert "cannot be read: File name too long" in verify("x" * 5000).err
    large = tmp_path / "large.pdf"
    with large.open("wb") as file:
        file.truncate(20_000_001)
    assert "at most 20000000 bytes" in verify(large).err


def test_keys_are_listed_and_rotated(make_settings, jobs):
    home = make_settings().home
    first = jobs("certificate", "keys", home=home).out.splitlines()
    assert [line.split()[1] for line in first] == ["signs"]
    second = jobs("certificate", "keys", "--rotate", home=home).out.splitlines()
    assert [line.split()[1] for line in second] == ["signs", "verifies"]
    assert second[1].split()[0] == first[0].split()[0]


def test_no_desk_opens_without_an_address_to_print(make_settings):
    with pytest.raises(SettingsError, match="SUNBIRD_BATCH_CERTIFICATES_URL"):
        open_desk(make_settings())
    with pytest.raises(SettingsError, match="Shorten the public address"):
        open_desk(make_settings(certificates_url="https://" + "a" * 400))


def test_the_address_of_links_serves_where_none_is_set_for_certificates(make_settings):
    desk = open_desk(make_settings(links_url="https://links.example/reports/"))
    assert desk.page("x") == "https://links.example/reports/certificates/x"
