"""Keys that would keep nobody out are refused before anything is made."""

import pytest

from jobs.errors import RequestError
from jobs.exhausts.keys import COMMON, SHORTEST, refuse_weak


@pytest.mark.parametrize(
    "key",
    ["short", "elevenchars", "123456789012", "Password1234", "QWERTYUIOP123", "pass-word-1234",
     "P a s s w o r d 1 2 3 4", "aaaaaaaaaaaaaaaa", "ababababababab", "jaishriram108", ""],
)  # fmt: skip
def test_a_short_a_common_and_a_patterned_key_are_refused(key):
    with pytest.raises(RequestError, match="at least 12 characters") as refused:
        refuse_weak(key)
    assert not key or key not in str(refused.value)


@pytest.mark.parametrize(
    "key", ["correct horse battery", "zug-malt-47-erbe", "कखगघ चछजझ टठडढ", "x9$Lq0!mRt2v"]
)
def test_a_key_that_is_nobodys_first_guess_is_taken(key):
    refuse_weak(key)


def test_every_common_key_is_long_enough_to_need_the_list():
    assert all(len(key) >= SHORTEST - 2 for key in COMMON)
