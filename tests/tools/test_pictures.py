"""What of a mail is put before the browser."""

from email.message import EmailMessage

import pytest
from PIL import Image

from tools.pictures import PicturesError, last_mails, page_of, picture_name, shrink


def test_chart_named_by_content_id_is_put_into_the_page():
    message = EmailMessage()
    message.set_content("plain")
    message.add_alternative('<p>Hi</p><img src="cid:chart@x">', subtype="html")
    message.get_payload()[1].add_related(b"PNG", "image", "png", cid="<chart@x>")

    assert '<img src="data:image/png;base64,UE5H">' in page_of(message)


def test_without_a_mail_the_demo_is_named(tmp_path):
    with pytest.raises(PicturesError, match="run `make demo` first"):
        last_mails(tmp_path)


def test_mail_with_two_files_is_named_by_them():
    message = EmailMessage()
    message.set_content("plain")
    for name in ("a.zip", "b.zip"):
        message.add_attachment(b"PK", "application", "zip", filename=name)

    assert picture_name(message) == "mail-with-2-files.png"


def test_shrunk_picture_keeps_its_size_and_colours(tmp_path):
    picture = tmp_path / "page.png"
    Image.new("RGB", (40, 30), (0, 82, 122)).save(picture)

    shrink(picture)

    with Image.open(picture) as kept:
        assert (kept.mode, kept.size) == ("P", (40, 30))
        assert kept.convert("RGB").getpixel((5, 5)) == (0, 82, 122)
