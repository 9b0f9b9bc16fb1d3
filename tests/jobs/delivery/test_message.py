"""The mail as a whole: its headers and parts, and what no name or address can do to them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.delivery.message import single_address
from jobs.errors import DeliveryError, SettingsError
from tests.jobs.delivery.letters import AT, ID, answer, batch, html, mail, text


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


def test_text_part_holds_no_markup_and_page_escapes_names():
    message = mail()
    assert "Teaching <Maths> & more" in text(message)
    assert "&amp;" not in text(message)
    assert "Teaching &lt;Maths&gt; &amp; more" in html(message)
    assert "<Maths>" not in html(message)


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
    assert single_address("asha@स्कूल.भारत") == "asha@xn--11b2dq5bzc.xn--h2brj9c"


@pytest.mark.parametrize("sender", ["reports", "a@b\nBcc: c@d", "a@b, c@d", "रपट@school.example"])
def test_sender_that_cannot_be_used_is_a_matter_of_the_settings(sender):
    with pytest.raises(SettingsError, match="SUNBIRD_BATCH_MAIL_FROM"):
        mail(sender=sender)
