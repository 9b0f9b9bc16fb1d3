"""What is read of mail that comes back."""

import hypothesis
import pytest
from hypothesis import strategies as st

from jobs.delivery.dsn import Bounce, read_bounce
from tests.jobs.delivery.returned_mail import ID, returned


def test_returned_message_is_known_by_the_id_in_its_own_head():
    assert read_bounce(returned()) == Bounce(ID, "5.1.1", "asha@school.example")


def test_whole_message_that_came_back_is_known_too():
    whole = returned().replace(b"text/rfc822-headers", b"message/rfc822")
    assert read_bounce(whole) == Bounce(ID, "5.1.1", "asha@school.example")


@pytest.mark.parametrize(
    "named",
    [{"envelope_id": ID}, {"sent_to": f"bounces+{ID.upper()}@sunbird.invalid"}],
    ids=["envelope", "sender"],
)
def test_without_the_head_the_envelope_or_the_senders_address_names_the_message(named):
    found = read_bounce(returned(original=False, **named))
    assert found == Bounce(ID, "5.1.1", "asha@school.example")


def test_address_is_the_one_that_was_written_to_not_where_it_was_forwarded():
    found = read_bounce(returned(final="asha.private@other.example"))
    assert found.address == "asha@school.example"


@pytest.mark.parametrize(("status", "is_permanent"), [("5.7.1", True), ("4.2.2", False)])
def test_five_is_for_good_and_four_passes(status, is_permanent):
    assert read_bounce(returned(status)).is_permanent is is_permanent


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"From: asha@school.example\r\nSubject: Thanks\r\n\r\nGot it.",
        returned("2.1.5"),
        returned("no status"),
        returned(message_id="<other@elsewhere>"),
        b"Content-Type: message/delivery-status\r\n\r\n",
        returned()[:400],
    ],
    ids=["empty", "answer", "receipt", "no status", "not ours", "hollow", "cut off"],
)
def test_anything_else_is_not_a_bounce(content):
    assert read_bounce(content) is None


@hypothesis.given(st.data())
def test_broken_notifications_never_stop_the_reader(data):
    whole = bytearray(returned())
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place] = data.draw(st.integers(0, 255))
    found = read_bounce(bytes(whole))
    assert found is None or found.status[0] in "45"
