"""A protection that could not protect is never made, and shows its key nowhere."""

import pytest

from jobs.contracts.protection import PASSWORD, PLAIN, PUBLIC_KEY, SECURITY_LEVELS, TEXT_KEY
from jobs.delivery.protection import UNPROTECTED, Protection
from jobs.delivery.public_keys import read_public_key
from jobs.errors import ArchiveError
from tests.jobs.delivery.age_readers import Pair

KEY = read_public_key(Pair().public())


@pytest.mark.parametrize(
    ("level", "secret", "public_key"),
    [
        (PASSWORD, None, None),
        (PASSWORD, "", None),
        (PASSWORD, "canary", KEY),
        (TEXT_KEY, None, None),
        (TEXT_KEY, "", None),
        (PUBLIC_KEY, None, None),
        (PUBLIC_KEY, "canary", KEY),
        (PLAIN, "canary", None),
        (PLAIN, None, KEY),
        ("TEXT_KEY", "canary", None),
        ("plain_dataset", None, None),
        ("", None, None),
    ],
)
def test_level_without_exactly_its_key_is_refused(level, secret, public_key):
    with pytest.raises(ArchiveError, match="Nothing was written") as raised:
        Protection(level, secret, public_key)
    assert "canary" not in str(raised.value)


def test_each_level_has_its_ending_and_all_but_one_protect():
    made = {
        PLAIN: UNPROTECTED,
        PASSWORD: Protection(PASSWORD, "canary"),
        TEXT_KEY: Protection(TEXT_KEY, "canary"),
        PUBLIC_KEY: Protection(PUBLIC_KEY, public_key=KEY),
    }
    assert {level: (one.ending, one.is_protected) for level, one in made.items()} == {
        PLAIN: (".zip", False),
        PASSWORD: (".zip", True),
        TEXT_KEY: (".zip.age", True),
        PUBLIC_KEY: (".zip.age", True),
    }
    assert list(made) == list(SECURITY_LEVELS)
    assert "canary" not in repr(made)
