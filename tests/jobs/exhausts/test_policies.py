"""Which rule counts for a request, and that every rule that cannot be kept makes no file."""

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.contracts.protection import PASSWORD, PLAIN, PUBLIC_KEY, SECURITY_LEVELS, TEXT_KEY
from jobs.delivery.protection import UNPROTECTED
from jobs.delivery.public_keys import fingerprint
from jobs.errors import RequestError
from jobs.exhausts.policies import Rule, protection_of, rule_for

KIND = "progress-exhaust"
OWN = ["up", "up-channel"]
ONE, OTHER = (str(pyrage.x25519.Identity.generate().to_public()) for _ in range(2))


def row(channel, job_id, level, **keys):
    return {"channel": channel, "job_id": job_id, "security_level": level} | keys


def level(*rows):
    return rule_for([row(*one) for one in rows], tenants=OWN, job_id=KIND).level


def opened(sealed):
    """The platform's cipher, for the test: what begins with `sealed` opens."""
    return sealed.removeprefix("sealed ") if sealed.startswith("sealed ") else None


def protection(*rows, key=None):
    rule = rule_for(rows, tenants=OWN, job_id=KIND)
    return protection_of(rule, key=key, open_text=opened)


@pytest.mark.parametrize(
    ("policies", "expected"),
    [
        ([], PLAIN),
        ([("*", "*", PASSWORD)], PASSWORD),
        ([("*", "*", PASSWORD), ("*", KIND, PLAIN)], PLAIN),
        ([("*", KIND, PASSWORD), ("up", "*", PLAIN)], PLAIN),
        ([("up", "*", PLAIN), ("up", KIND, PASSWORD)], PASSWORD),
        ([("br", KIND, PASSWORD)], PLAIN),
        ([("up", "response-exhaust", PASSWORD)], PLAIN),
        ([("up", "*", PLAIN), ("up-channel", "*", TEXT_KEY)], TEXT_KEY),
        ([("up", "*", PUBLIC_KEY), ("up-channel", "*", TEXT_KEY)], PUBLIC_KEY),
    ],
)
def test_the_nearest_policy_counts(policies, expected):
    assert level(*policies) == expected


LEVELS = st.sampled_from(SECURITY_LEVELS)
ROWS = st.tuples(st.sampled_from([*OWN, "br", "*"]), st.sampled_from([KIND, "other", "*"]), LEVELS)


@given(st.lists(ROWS), st.randoms())
def test_the_order_of_the_rows_does_not_matter(policies, chance):
    mixed = list(policies)
    chance.shuffle(mixed)
    assert level(*mixed) == level(*policies)


@given(st.lists(ROWS), st.sampled_from(OWN), LEVELS)
def test_a_row_of_the_nearest_kind_is_never_weakened_by_another(policies, channel, added):
    found = level(*policies, (channel, KIND, added))
    assert SECURITY_LEVELS.index(found) >= SECURITY_LEVELS.index(added)
    assert found in {added} | {one[2] for one in policies if one[0] in OWN and one[1] == KIND}


@given(st.lists(ROWS), st.text().filter(lambda text: text not in SECURITY_LEVELS))
def test_a_level_that_nobody_knows_makes_no_file_whatever_stands_beside_it(policies, unknown):
    with pytest.raises(RequestError, match="cannot be kept, so no file was made"):
        level(*policies, ("up", KIND, unknown))


def test_a_level_that_nobody_knows_is_told_with_those_that_there_are():
    with pytest.raises(RequestError, match=r"'TEXT_KEY'.*TEXT_KEY_ENCRYPTED_DATASET"):
        level(("up", "*", "TEXT_KEY"))


def test_another_tenants_unknown_level_is_nothing_to_this_one():
    assert level(("br", "*", "CANNOT BE READ"), ("up", "*", PASSWORD)) == PASSWORD


def test_a_key_that_was_given_is_used_whatever_the_rule():
    assert protection() == UNPROTECTED
    assert protection(key="sealed abc").password == "abc"
    assert protection(row("up", "*", PASSWORD), key="sealed abc").password == "abc"
    own = row("up", "*", TEXT_KEY, text_key="sealed ours")
    assert (protection(own, key="sealed abc").secret, protection(own).secret) == ("abc", "ours")


def test_public_key_of_the_tenant_locks_the_file_and_the_requests_key_is_not_needed():
    for key in (None, "sealed abc", "does not open"):
        made = protection(row("up", "*", PUBLIC_KEY, public_key=f" {ONE}\n"), key=key)
        assert (made.secret, fingerprint(made.public_key)) == (None, ONE)


def test_the_same_public_key_twice_is_one():
    twice = [row(one, "*", PUBLIC_KEY, public_key=ONE) for one in OWN]
    assert fingerprint(protection(*twice).public_key) == ONE


@pytest.mark.parametrize(
    ("rows", "key", "why"),
    [
        ([row("up", "*", PASSWORD)], None, "give a password"),
        ([row("up", "*", PASSWORD)], "", "give a password"),
        ([row("up", "*", PASSWORD, text_key="sealed ours")], None, "give a password"),
        ([row("up", "*", PASSWORD)], "does not open", "cannot be read"),
        ([], "does not open", "cannot be read"),
        ([row("up", "*", TEXT_KEY)], None, "give a password"),
        ([row("up", "*", TEXT_KEY, text_key="does not open")], None, "text key, and it cannot"),
        ([row(one, "*", TEXT_KEY, text_key=f"sealed {one}") for one in OWN], None, "several"),
        ([row("up", "*", PUBLIC_KEY)], "sealed abc", "public key, and there is none"),
        ([row("up", "*", PUBLIC_KEY, public_key="canary")], None, "public key, and it cannot"),
        (
            [row("up", "*", PUBLIC_KEY, public_key=ONE),
             row("up-channel", "*", PUBLIC_KEY, public_key=OTHER)], None, "several",
        ),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_kept_makes_no_file(rows, key, why):
    with pytest.raises(RequestError, match=why) as raised:
        protection(*rows, key=key)
    assert "no file was made" in str(raised.value)
    assert "canary" not in str(raised.value)


def test_keys_are_not_shown_with_the_rule():
    assert "canary" not in repr(Rule(TEXT_KEY, frozenset({"canary"}), frozenset({"canary"})))
