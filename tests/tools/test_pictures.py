"""What of a mail is put before the browser."""

from email.message import EmailMessage

import pytest
from PIL import Image

from tests.jobs.certificates.papers import certificate_of
from tools import pictures
from tools.pictures import (
    PicturesError,
    last_mails,
    one_of_each,
    page_of,
    picture_certificate,
    picture_name,
    shrink,
)
from tools.progress import Progress


def test_chart_named_by_content_id_is_put_into_the_page():
    message = EmailMessage()
    message.set_content("plain")
    message.add_alternative('<p>Hi</p><img src="cid:chart@x">', subtype="html")
    message.get_payload()[1].add_related(b"PNG", "image", "png", cid="<chart@x>")

    assert '<img src="data:image/png;base64,UE5H">' in page_of(message)


def test_without_a_mail_the_demo_is_named(tmp_path):
    with pytest.raises(PicturesError, match="run `make demo` first"):
        last_mails(tmp_path)


def mail(subject, *names):
    message = EmailMessage()
    message["Subject"] = subject
    message.set_content("plain")
    for name in names:
        message.add_attachment(b"PK", "application", "zip", filename=name)
    return message


@pytest.mark.parametrize(
    ("names", "picture"),
    [
        ((), "mail-with-0-files.png"),
        (("progress_a.zip",), "mail-with-1-file.png"),
        (("progress_a.zip", "progress_b.zip"), "mail-with-2-files.png"),
        (("userinfo_a.zip",), "mail-of-learner-details.png"),
        (("response_a.zip",), "mail-of-answers.png"),
        (("unclear-enrolments.csv", "missed-certificates.csv"), "mail-of-missed-certificates.png"),
    ],
)
def test_mail_is_named_by_what_it_brings(names, picture):
    assert picture_name(mail("Report", *names)) == picture


def test_of_two_refusals_the_same_one_is_shown_in_whatever_order_they_were_sent():
    refusals = [mail("Learner details could not be made"), mail("Progress could not be made")]

    for messages in (refusals, refusals[::-1]):
        assert one_of_each(messages) == [refusals[1]]


def test_certificate_is_drawn_a_screen_wide(tmp_path, monkeypatch):
    monkeypatch.setattr(pictures, "PICTURES", tmp_path)
    monkeypatch.setattr(pictures, "ROOT", tmp_path)
    paper = tmp_path / "certificates" / "0a" / "one.pdf"
    paper.parent.mkdir(parents=True)
    paper.write_bytes(certificate_of().pdf)

    picture_certificate(tmp_path, Progress())

    with Image.open(tmp_path / "certificate.png") as drawn:
        assert drawn.width in range(1160, 1180)
    assert (tmp_path / "certificate.png").stat().st_size < 200_000


def test_without_a_certificate_the_demo_is_named(tmp_path):
    with pytest.raises(PicturesError, match="run `make demo` first"):
        picture_certificate(tmp_path, Progress())


def test_shrunk_picture_keeps_its_size_and_colours(tmp_path):
    picture = tmp_path / "page.png"
    Image.new("RGB", (40, 30), (0, 82, 122)).save(picture)

    shrink(picture)

    with Image.open(picture) as kept:
        assert (kept.mode, kept.size) == ("P", (40, 30))
        assert kept.convert("RGB").getpixel((5, 5)) == (0, 82, 122)
