"""What of a mail is put before the browser."""

from email.message import EmailMessage

import pytest

from tools.pictures import PicturesError, last_mails, page_of


def test_chart_named_by_content_id_is_put_into_the_page():
    message = EmailMessage()
    message.set_content("plain")
    message.add_alternative('<p>Hi</p><img src="cid:chart@x">', subtype="html")
    message.get_payload()[1].add_related(b"PNG", "image", "png", cid="<chart@x>")

    assert '<img src="data:image/png;base64,UE5H">' in page_of(message)


def test_without_a_mail_the_demo_is_named(tmp_path):
    with pytest.raises(PicturesError, match="run `make demo` first"):
        last_mails(tmp_path)
