"""The nightly mail to the team and the mail to a learner, as they are read."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from jobs.delivery.facts import CertificateFacts, MissedBatchFacts, MissedFacts
from jobs.delivery.message import compose

AT = datetime(2026, 3, 10, 19, 0, tzinfo=UTC)
BATCH = MissedBatchFacts(
    batch_id="b1", batch_name="Round 1", course_name="Reading", template_name="Completion",
    new=100_000, pending=2, held=1, approved=0, oldest_days=12,
)  # fmt: skip


def composed(kind, facts, *, language="en", attachments=()):
    return compose(
        kind, facts, recipient_address="team@example.org", sender="a@example.org",
        sender_name="Sunbird", reply_to=None, delivery_id="d1", attachments=attachments, now=AT,
        timezone=ZoneInfo("Asia/Kolkata"), language=language,
    )  # fmt: skip


def plain(message):
    return message.get_body(("plain",)).get_content()


def missed(**changes):
    facts = {
        "night": AT, "data_as_of": AT, "by_state": {"new": 100_000, "pending": 2, "held": 1},
        "held": {"unsure_version": 1}, "problems": {"no_completion_date": 3},
        "told_by_issuer": 7, "not_earned": {"not_met": 44}, "batches": [BATCH],
    }  # fmt: skip
    return MissedFacts(**(facts | changes))


def test_counts_come_first_and_each_reason_in_words():
    message = composed(
        "missed_certificates", missed(more_batches=3), attachments=[("list.csv", b"a\r\n")]
    )

    text = plain(message)
    assert message["Subject"] == "Missed certificates: 1,00,000 new, 1,00,003 open, 11 Mar 2026"
    lines = [line for line in text.splitlines() if line]
    assert lines[:4] == [
        "Certificates that were earned and are missing: 1,00,003",
        "New tonight: 1,00,000",
        "Still waiting for a decision: 2",
        "Held: a person must look: 1",
    ]
    assert "Round 1 (b1), Completion: New 1,00,000, Waiting 2, Held 1, Oldest 12 d" in lines
    assert "Nobody knows which template was attached at the completion: 1" in lines
    assert "Attached, with ids and no names: list.csv" in lines
    assert "python -m jobs certificate approve" in text


def test_a_night_without_findings_says_all_clear():
    clear = missed(by_state={}, held={}, problems={}, batches=[], told_by_issuer=0, not_earned={})

    message = composed("missed_certificates", clear)

    assert message["Subject"] == "Missed certificates: all clear, 11 Mar 2026"
    assert plain(message).startswith("All clear: nobody who earned a certificate is without one")


def test_the_largest_cause_comes_first():
    text = plain(composed("missed_certificates", missed(held={"no_name": 1, "rule_unusable": 30})))

    assert text.index("The template's rule cannot be used: 30") < text.index("has no name: 1")


def test_data_that_are_too_old_are_told():
    assert "older than they should be" in plain(
        composed("missed_certificates", missed(is_stale=True))
    )


@pytest.mark.parametrize("language", ["en", "hi"])
def test_every_sentence_is_translated(language):
    page = composed("missed_certificates", missed(), language=language).get_body(("html",))

    assert ("By batch" in page.get_content()) is (language == "en")


def test_a_learner_reads_what_came_and_where_to_check_it():
    facts = CertificateFacts(
        certificate_id="c1", course_name="Reading", batch_name="Round 1",
        template_name="Completion", completed_at=AT, page="https://sunbird.test/certificates/c1",
    )  # fmt: skip

    message = composed("certificate_issued", facts, attachments=[("certificate.pdf", b"%PDF")])

    assert message["Subject"] == "Your certificate: Reading"
    assert "You completed Reading in Mar 2026." in plain(message)
    assert "https://sunbird.test/certificates/c1" in plain(message)
    assert [part.get_filename() for part in message.iter_attachments()] == ["certificate.pdf"]


def test_what_could_be_mended_is_told_by_kind_and_what_nothing_tells_apart():
    told = plain(composed("missed_certificates", missed(repairs={"completion_missing": 2})))
    assert "Enrolments that could be mended: see the list" in told
    assert "All contents done, and not marked completed: 2" in told
    assert "could be mended" not in plain(composed("missed_certificates", missed()))
