"""What the demo says at its end."""

from datetime import UTC, datetime, timedelta

import pytest

from tools.demo_report import answer, is_answered, masked, new_mails

ASKED = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "shown"),
    [("asha.rao@example.org", "as***@example.org"), ("<a@x.org>", "a***@x.org"), ("odd", "***")],
)
def test_recipient_is_shown_so_far_as_to_be_recognised(address, shown):
    assert masked(address) == shown


@pytest.mark.parametrize(
    ("status", "delivery_status", "answered"),
    [
        ("SUCCESS", "sent", True),
        ("FAILED", "sent", True),
        ("SUCCESS", "pending", False),
        ("SUBMITTED", None, False),
        ("PROCESSING", "sent", False),
    ],
)
def test_request_counts_as_answered_only_when_its_mail_is_sent(status, delivery_status, answered):
    assert is_answered({"status": status, "delivery_status": delivery_status}) is answered


def test_time_told_is_from_the_request_to_the_mail():
    request = {"dt_job_submitted": ASKED, "sent_at": ASKED + timedelta(seconds=90)}

    assert answer(request) == "mailed 1.5 minutes after it was asked"


def test_mails_of_an_earlier_demo_are_not_shown_again(tmp_path):
    import os

    for name, minutes in (("old", -1), ("second", 2), ("first", 1)):
        path = tmp_path / f"{name}.eml"
        path.touch()
        at = (ASKED + timedelta(minutes=minutes)).timestamp()
        os.utime(path, (at, at))

    assert [path.stem for path in new_mails(tmp_path, ASKED)] == ["first", "second"]
