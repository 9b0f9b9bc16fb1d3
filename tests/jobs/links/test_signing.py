"""Addresses of links: lasting for one message's file, and worthless when altered."""

from datetime import UTC, datetime

import pytest

from jobs.links.signing import Ticket, address, digest, is_ours, link_id

SECRET = b"s" * 32
UNTIL = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def ticket(secret=SECRET, base="https://files.example/x/"):
    id = link_id(SECRET, delivery_id="d1", object_key="a.zip")
    return Ticket(*address(base, secret, id, UNTIL).split("/")[-3:])


def test_an_address_holds_what_was_signed():
    assert is_ours(SECRET, ticket())
    assert ticket().expires_at == UNTIL


def test_another_key_another_time_and_another_id_are_refused():
    good = ticket()
    assert not is_ours(b"t" * 32, good)
    assert not is_ours(SECRET, Ticket(good.link_id, "1999999999", good.signature))
    assert not is_ours(SECRET, Ticket(good.link_id[:-1], good.until, good.signature))
    assert not is_ours(SECRET, Ticket(good.link_id, good.until, "é"))


def test_a_message_tried_again_has_the_same_id_and_every_other_another():
    ids = [
        link_id(key, delivery_id=delivery, object_key=file)
        for key, delivery, file in (
            (SECRET, "d1", "a"), (SECRET, "d1", "b"), (SECRET, "d2", "a"), (b"t" * 32, "d1", "a"),
            (SECRET, "d", "1a"),
        )
    ]  # fmt: skip
    assert len(set(ids)) == len(ids)
    assert ids[0] == link_id(SECRET, delivery_id="d1", object_key="a")
    assert all(len(id) == 32 for id in ids)


def test_the_parts_of_a_signature_cannot_be_shifted():
    assert link_id(SECRET, delivery_id="a|1:b", object_key="c") != link_id(
        SECRET, delivery_id="a", object_key="b|1:c"
    )


@pytest.mark.parametrize("base", ["https://f.example", "https://f.example/", "http://f/x/"])
def test_an_address_is_the_public_one_and_three_parts(base):
    begun = f"{base.rstrip('/')}/id/{int(UNTIL.timestamp())}/"
    assert address(base, SECRET, "id", UNTIL).startswith(begun)


def test_the_kept_hash_is_not_the_id():
    assert len(digest("id")) == 64
    assert digest("id") != digest("ie")
