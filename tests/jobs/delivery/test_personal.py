"""The mail that brings learners' details: how many, who is left out, and what the file is for."""

import pytest

from tests.jobs.delivery.letters import answer, batch, html, mail, text

COUNTS = {
    "no_consent": 385, "consent_withdrawn": 66, "consent_expired": 1, "consent_without_expiry": 2,
    "minor_without_guardian": 3, "minor": 1, "left_batch": 8,
}  # fmt: skip


def personal(**changes):
    values = {
        "has_stages": False, "enrolled": 256, "completed": 0, "in_progress": 0, "not_started": 0,
        "left_out": COUNTS, "unknown_learners": 1,
    }  # fmt: skip
    facts = {"job_id": "userinfo-exhaust", "purpose": "learner_support", "is_protected": True}
    return answer(batch(**(values | changes)), **facts)


def test_rows_and_those_left_out_are_told_and_no_stages():
    message = mail(personal())
    told = text(message)
    assert message["Subject"].startswith("Learner details: Teaching")
    assert "Learners in the file: 256\r\nLeft out: 466\r\n" in told
    for page in (told, html(message)):
        assert "Not started" not in page
        assert "Completed" not in page
    assert not [part for part in message.walk() if part.get_content_type() == "image/png"]


def test_each_reason_of_consent_has_its_sentence_the_largest_first():
    told = [line[2:] for line in text(mail(personal())).splitlines() if line.startswith("- ")]
    assert told[:8] == [
        "385 learners did not agree to share details with your organisation.",
        "66 learners withdrew the consent to share details.",
        "3 learners are under 18, and no guardian agreed.",
        "The consents of 2 learners do not say until when they hold.",
        "The consent of 1 learner has expired.",
        "1 learner is under 18; your organisation's files hold no minors.",
        "8 learners left the batch and are not in the file.",
        "1 learner has no user account any more: in the file with the User ID, the other details"
        " blank.",
    ]


def test_the_purpose_and_the_care_that_is_asked_for_stand_in_the_mail():
    for page in (text(mail(personal())), html(mail(personal()))):
        assert "Purpose of the request: support for learners." in page
        assert "delete it when you no longer need it" in page
    assert "Purpose" not in text(mail())


def test_a_purpose_of_the_platforms_own_is_said_as_it_is_written():
    facts = personal().model_copy(update={"purpose": "field_visits"})
    assert "Purpose of the request: field visits." in text(mail(facts))


def test_a_batch_in_which_nobody_agreed_is_said_to_be_empty():
    assert "agreed to share details with your organisation, so the file" in text(
        mail(personal(enrolled=0))
    )


@pytest.mark.parametrize("words", ["सहमति", "उद्देश्य: शिक्षार्थियों की सहायता", "फ़ाइल में शिक्षार्थी: 256"])
def test_a_reader_of_hindi_is_told_the_same(words):
    assert words in text(mail(personal(), language="hi"))
