"""The mail as a mentor gets it: numbers first, every question answered, nothing fetched."""

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.delivery.facts import (
    Attachment,
    BatchFacts,
    ColumnFacts,
    ExhaustFacts,
    NoticeFacts,
)
from jobs.delivery.message import compose, single_address
from jobs.delivery.wording import Wording
from jobs.errors import DeliveryError, SettingsError

ID = "2b0a6f5e-8f63-5f55-9c1e-0f3f4a1f7c11"
AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
COLUMNS = [ColumnFacts(header="Course Progress", meaning="mandatory contents done, 0 to 100")]


def batch(**changes):
    values = {
        "batch_id": "0130",
        "batch_name": "Cohort B",
        "collection_id": "do_1",
        "collection_name": "Teaching <Maths> & more",
        "enrolled": 100_000,
        "completed": 62_000,
        "in_progress": 25_500,
        "not_started": 12_500,
        "data_as_of": AT,
        "file_name": "progress_maths_0130_2026-11-21.zip",
        "columns": COLUMNS,
    }
    return BatchFacts(**(values | changes))


def answer(*batches, **changes):
    values = {
        "request_id": "9F86D081",
        "tag": "maths:ka",
        "job_id": "progress-exhaust",
        "requested_at": AT,
        "batches": list(batches),
    }
    return ExhaustFacts(**(values | changes))


def mail(facts=None, kind="exhaust_ready", **changes):
    facts = facts or answer(batch())
    files = [(one.file_name, b"PK") for one in getattr(facts, "batches", [])]
    values = {
        "recipient_address": "asha@school.example",
        "sender": "reports@sunbird.invalid",
        "sender_name": "Sunbird Reports",
        "reply_to": "help@school.example",
        "delivery_id": ID,
        "attachments": files,
        "now": AT,
        "timezone": ZoneInfo("Asia/Kolkata"),
        "language": "en",
    }
    composed = compose(kind, facts, **(values | changes))
    # As a mail program reads it.
    return message_from_bytes(composed.as_bytes(), policy=SMTP)


def text(message):
    return message.get_body(("plain",)).get_content()


def html(message):
    return message.get_body(("html",)).get_content()


def test_headers_say_what_it_is_and_stay_the_same_for_a_delivery():
    message = mail()
    assert message["Subject"] == "Progress report: Teaching <Maths> & more – Cohort B, 21 Nov 2026"
    assert message["From"] == "Sunbird Reports <reports@sunbird.invalid>"
    assert message["To"] == "asha@school.example"
    assert message["Reply-To"] == "help@school.example"
    assert message["Message-ID"] == f"<{ID}@sunbird.invalid>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == AT


def test_parts_are_text_page_with_chart_and_file():
    message = mail()
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "application/zip",
    ]
    (attached,) = message.iter_attachments()
    assert attached.get_content_disposition() == "attachment"
    assert attached.get_filename() == "progress_maths_0130_2026-11-21.zip"
    assert attached.get_content() == b"PK"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.zip", "application/zip"),
        ("a.csv", "text/csv"),
        ("a.png", "image/png"),
        ("a.pdf", "application/pdf"),
        ("a.parquet", "application/octet-stream"),
    ],
)
def test_every_file_has_a_type_and_is_an_attachment(name, kind):
    message = mail(attachments=[(name, b"x,y\r\n")])
    attached = list(message.iter_attachments())[-1]
    assert attached.get_content_type() == kind
    assert attached.get_content_disposition() == "attachment"
    assert attached.get_payload(decode=True) == b"x,y\r\n"


def test_every_byte_is_ascii_and_every_line_short_for_old_servers_on_the_way():
    composed = mail(answer(batch(collection_name="हिन्दी शिक्षण " * 10)), language="hi")
    raw = composed.as_bytes()
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_numbers_come_first_in_the_text_grouped_as_in_india():
    lines = [line for line in text(mail()).splitlines() if line]
    assert lines[2:7] == [
        "Enrolled: 1,00,000",
        "Completed: 62,000 (62%)",
        "In progress: 25,500 (26%)",
        "Not started: 12,500 (13%)",
        "Data as of 21 Nov 2026, 14:30 IST.",
    ]


def test_text_part_holds_no_markup_and_page_escapes_names():
    message = mail()
    assert "Teaching <Maths> & more" in text(message)
    assert "&amp;" not in text(message)
    assert "Teaching &lt;Maths&gt; &amp; more" in html(message)
    assert "<Maths>" not in html(message)


class Page(HTMLParser):
    """What a lint of the page needs: the tags with their attributes."""

    def __init__(self, source):
        super().__init__()
        self.tags = []
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def test_page_loads_nothing_from_outside_and_runs_nothing():
    message = mail()
    page = Page(html(message))
    assert {tag for tag, _ in page.tags} & {"script", "link", "iframe", "form", "object"} == set()
    places = [
        value for _, attrs in page.tags for name, value in attrs.items() if name in ("src", "href")
    ]
    cid = next(part["Content-ID"] for part in message.walk() if part["Content-ID"])
    assert places == [f"cid:{cid.strip('<>')}"]
    assert "url(" not in html(message)
    assert "@import" not in html(message)


def test_page_tells_its_language_and_the_chart_is_told_in_words():
    page = Page(html(mail()))
    assert dict(page.tags)["html"]["lang"] == "en"
    images = [attrs for tag, attrs in page.tags if tag == "img"]
    assert [image["alt"] for image in images] == [
        "Completed 62,000 · In progress 25,500 · Not started 12,500 · Enrolled 1,00,000"
    ]


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_text_stands_out_from_its_ground_by_day_and_by_night():
    page = html(mail(answer(batch(is_stale=True))))
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL).group(1)
    night = dict(
        (name, dict(re.findall(r"(background-color|color): (#[0-9a-f]{6})", rules)))
        for name, rules in re.findall(r"\.(\w+) \{([^}]*)\}", style)
        if "#" in rules
    )
    grounds = [night[name]["background-color"] for name in ("card", "tile")]
    inks = [night[name]["color"] for name in ("ink", "muted")]
    pairs = [(ink, ground) for ink in inks for ground in grounds]
    pairs.append((night["warn"]["color"], night["warn"]["background-color"]))
    pairs += [(ink, ground) for ink in ("#1f2933", "#52606d") for ground in ("#ffffff", "#f4f6f8")]
    pairs += [("#5c4400", "#fff4d6"), ("#ffffff", "#00527a")]
    day = set(re.findall(r"[^-]color:(#[0-9a-f]{6})", page))
    assert day == {"#1f2933", "#52606d", "#5c4400", "#ffffff"}
    assert min(contrast(*pair) for pair in pairs) >= 4.5


def test_everybody_left_out_is_counted_and_explained():
    facts = answer(
        batch(
            left_out={
                "left_batch": 1312,
                "no_enrolment_date": 1,
                "other_organisation": 2,
                "new": 1,
            },
            unknown_learners=7,
            undecryptable={"email": 3, "phone": 1},
            quarantined={"duplicate": 12, "missing_userid": 1},
            notes=["no_leaf_nodes"],
        ),
        unknown_batches=["013999"],
        retired_batches=["014000"],
    )
    message = mail(facts)
    told = [line[2:] for line in text(message).splitlines() if line.startswith("- ")]
    assert told[:12] == [
        "1,312 learners left the batch and are not in the file.",
        "1 learner is not in the file (new).",
        "1 learner has no enrolment date and is not in the file.",
        "2 learners belong to another organisation and are not in the file.",
        "7 learners have no user account any more: in the file with the User ID and progress, the"
        " other details blank.",
        "3 e-mail addresses could not be read and are blank.",
        "1 mobile number could not be read and is blank.",
        "12 repeated rows of the platform were dropped; the newest ones count.",
        "1 row of the platform could not be used (missing userid). The platform's team can see it.",
        "The course has no usable contents, so the progress of its learners is blank.",
        "The batch 013999 does not exist on the platform.",
        "The course of the batch 014000 is retired.",
    ]
    page = html(message)
    assert all(sentence.replace("'", "&#39;") in page for sentence in told)


def test_old_data_is_said_to_be_old():
    assert "older than usual" not in text(mail())
    assert "older than usual" in text(mail(answer(batch(is_stale=True))))
    assert "older than usual" in html(mail(answer(batch(is_stale=True))))


def test_plain_and_protected_files_are_opened_differently():
    plain, locked = text(mail()), text(mail(answer(batch(), is_protected=True)))
    assert "without a password" in plain
    assert "7-Zip" not in plain
    assert "the key that you gave" in locked
    assert "7-Zip or WinZip, on a phone with ZArchiver or RAR" in locked
    assert "shorten long IDs" in plain
    assert "shorten long IDs" in locked


def test_file_too_large_is_named_with_the_way_to_get_it():
    file = Attachment(key="k", file_name=batch().file_name, bytes=23_400_000, sha256="0" * 64)
    message = mail(attachments=[], too_large=[file])
    assert (
        "The file progress_maths_0130_2026-11-21.zip (23.4 MB) is too large to attach to a mail."
        " Ask your platform's team for it and name the request ID 9F86D081." in text(message)
    )
    assert "How to open" not in text(message)
    assert list(message.iter_attachments()) == []


def test_empty_batch_is_said_to_be_empty_and_has_no_chart():
    message = mail(answer(batch(enrolled=0, completed=0, in_progress=0, not_started=0)))
    assert "No learner is enrolled in this batch yet" in text(message)
    assert "No learner is enrolled in this batch yet" in html(message)
    assert "image/png" not in [part.get_content_type() for part in message.walk()]


def test_several_batches_have_a_block_and_a_chart_each_and_share_the_columns():
    own = [*COLUMNS, ColumnFacts(header="do_9 - Score", meaning="best attempt")]
    second = batch(batch_id="0131", batch_name="Cohort C", file_name="c.zip", columns=own)
    message = mail(answer(batch(), second))
    assert message["Subject"] == "Progress report: Teaching <Maths> & more – 2 batches, 21 Nov 2026"
    assert [part.get_content_type() for part in message.walk()].count("image/png") == 2
    assert text(message).count("Course Progress:") == 1
    assert "Further columns of Cohort C\n- do_9 - Score: best attempt" in text(message).replace(
        "\r\n", "\n"
    )


def test_page_of_twenty_batches_with_fifty_columns_is_not_cut_off_by_mail_programs():
    batches = [
        batch(
            batch_id=str(n),
            batch_name=f"Batch {n}",
            file_name=f"{n}.zip",
            left_out={"left_batch": 5},
            columns=[
                ColumnFacts(header=f"do_{n}_{m} - Progress", meaning="share") for m in range(50)
            ],
        )
        for n in range(20)
    ]
    message = mail(answer(*batches))
    page = next(p for p in message.walk() if p.get_content_type() == "text/html")
    assert len(page.get_payload(decode=True)) < 100_000
    assert "more columns of the same kinds" in html(message)


def test_failed_request_is_told_the_reason_and_what_to_do():
    facts = answer(reason="You are not a mentor of the batch 0130.", unknown_batches=["013999"])
    message = mail(facts, kind="exhaust_failed")
    assert message["Subject"] == "Progress report could not be made, 21 Nov 2026"
    for body in (text(message), html(message)):
        assert "You are not a mentor of the batch 0130." in body
        assert "ask for the file again in the portal" in body
        assert "you need do nothing" in body
        assert "Request ID: 9F86D081" in body
        assert "The batch 013999 does not exist" in body


def test_team_is_told_ids_and_reason():
    facts = NoticeFacts(delivery_id=ID, kind="exhaust_ready", request_id="9F86D081", reason="Full.")
    message = mail(facts, kind="team_notice")
    assert message["Subject"] == "A message could not be delivered (exhaust_ready)"
    for body in (text(message), html(message)):
        assert "Full." in body
        assert "9F86D081" in body


NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@settings(max_examples=60, deadline=None)
@given(NAMES, NAMES, NAMES)
def test_no_name_can_add_a_header_or_stretch_the_subject(course, cohort, sender_name):
    facts = answer(
        batch(
            collection_name=course,
            batch_name=cohort,
            enrolled=0,
            completed=0,
            in_progress=0,
            not_started=0,
        )
    )
    message = mail(facts, sender_name=sender_name)
    assert set(message.keys()) == {
        "Subject", "From", "To", "Reply-To", "Date", "Message-ID", "Auto-Submitted",
        "Content-Language", "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert len(message["Subject"]) <= 78
    assert message["Subject"].endswith(", 21 Nov 2026")
    assert [address.addr_spec for address in message["To"].addresses] == ["asha@school.example"]
    assert message["From"].addresses[0].addr_spec == "reports@sunbird.invalid"


@pytest.mark.parametrize(
    "address",
    [
        "asha@school.example\r\nBcc: all@school.example",
        "asha@school.example, ravi@school.example",
        "Asha <asha@school.example>",
        "asha@school.example\0",
        "asha",
        "",
        "आशा@school.example",
    ],
)
def test_address_that_is_not_one_plain_address_is_refused_without_being_told(address):
    with pytest.raises(DeliveryError) as caught:
        mail(recipient_address=address)
    assert "asha" not in str(caught.value)


def test_domain_in_hindi_is_written_in_ascii():
    assert single_address("asha@स्कूल.भारत") == "asha@xn--m1b6b4a9f.xn--h2brj9c"


@pytest.mark.parametrize("sender", ["reports", "a@b\nBcc: c@d", "a@b, c@d", "रपट@school.example"])
def test_sender_that_cannot_be_used_is_a_matter_of_the_settings(sender):
    with pytest.raises(SettingsError, match="SUNBIRD_BATCH_MAIL_FROM"):
        mail(sender=sender)


def test_mentor_reads_hindi_and_others_english():
    facts = answer(batch(left_out={"left_batch": 2}))
    message = mail(facts, language="hi")
    assert message["Subject"].startswith("प्रगति रिपोर्ट: ")
    assert "नामांकित: 1,00,000" in text(message)
    assert "2 शिक्षार्थियों ने बैच छोड़ दिया" in text(message)
    assert 'lang="hi"' in html(message)
    assert mail(language="xx")["Content-Language"] == "en"
    assert text(mail(language="xx")) == text(mail())


def test_day_is_the_reader_s_own():
    late = datetime(2026, 11, 21, 18, 45, tzinfo=UTC)
    assert Wording("en", ZoneInfo("Asia/Kolkata")).moment(late) == "22 Nov 2026, 00:15 IST"
