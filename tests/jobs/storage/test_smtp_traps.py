"""The library that connects has traps in composing; nothing of ours goes through them.

Its others, in connecting and sending, are in test_smtp.
"""

import socket

import pytest

from tests.jobs.storage.letters import letter
from tests.mail_fixtures import PASSWORD, USER


def test_user_without_at_sign_logs_in_as_written(smtp_server, certificates, carrier_to):
    # The library would log in as mailer@gmail.com.
    server = smtp_server(starttls=certificates.good, login=True)
    carrier_to(server, smtp_security="starttls", smtp_user=USER, smtp_password=PASSWORD).send(
        letter()
    )
    assert server.messages[0].login == "mailer"


def test_sender_is_the_message_s_own_and_not_the_login(smtp_server, certificates, carrier_to):
    server = smtp_server(starttls=certificates.good, login=True)
    carrier_to(server, smtp_security="starttls", smtp_user=USER, smtp_password=PASSWORD).send(
        letter()
    )
    assert server.messages[0].message["From"] == "Sunbird Reports <reports@sunbird.example>"


def test_text_that_names_a_file_is_sent_as_text(smtp_server, carrier_to, tmp_path):
    # The library would attach the file.
    (tmp_path / "secret").write_text("do not send")
    server = smtp_server()
    carrier_to(server).send(letter(text=str(tmp_path / "secret")))
    assert b"do not send" not in server.messages[0].content
    assert server.messages[0].message.get_content().strip() == str(tmp_path / "secret")


def test_messages_with_one_subject_keep_their_own_ids(smtp_server, carrier_to):
    # The library makes one id of sender, recipient and subject.
    server = smtp_server()
    messages = [letter(), letter()]
    for message in messages:
        carrier_to(server).send(message)
    arrived = [got.message["Message-ID"] for got in server.messages]
    assert arrived == [message["Message-ID"] for message in messages]
    assert len(set(arrived)) == 2


def test_every_file_arrives_as_an_attachment_with_its_type(smtp_server, carrier_to):
    # The library sends some kinds without a disposition, unknown ones without a type.
    files = [("a.csv", "text/csv"), ("a.zip", "application/zip"), ("a.png", "image/png")]
    files.append(("a.parquet", "application/octet-stream"))
    server = smtp_server()
    carrier_to(server).send(letter(attachments=files))
    arrived = [
        (part.get_filename(), part.get_content_type(), part.get_content_disposition())
        for part in server.messages[0].message.iter_attachments()
    ]
    assert arrived == [(name, kind, "attachment") for name, kind in files]


def test_page_that_names_a_stylesheet_makes_no_request(smtp_server, carrier_to):
    # The library would fetch it while composing.
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.setblocking(False)
        server = smtp_server()
        message = letter()
        link = f"http://127.0.0.1:{elsewhere.getsockname()[1]}/style.css"
        message.add_alternative(f'<link rel="stylesheet" href="{link}">', subtype="html")
        carrier_to(server).send(message)
        with pytest.raises(BlockingIOError):
            elsewhere.accept()
    assert b"style.css" in server.messages[0].content


def test_text_and_page_arrive_whole_without_marks_of_the_one_in_the_other(smtp_server, carrier_to):
    # The library keeps the first part of several, and puts <br> into the plain text.
    server = smtp_server()
    message = letter(text="first line\nsecond line\n")
    message.add_alternative("<p>first</p>\n<p>second</p>\n", subtype="html")
    carrier_to(server).send(message)
    arrived = server.messages[0].message
    assert arrived.get_body(("plain",)).get_content() == "first line\r\nsecond line\r\n"
    assert arrived.get_body(("html",)).get_content() == "<p>first</p>\r\n<p>second</p>\r\n"


def test_name_of_the_recipient_is_not_taken_for_the_address(smtp_server, carrier_to):
    # The library drops the address of a named recipient.
    server = smtp_server()
    message = letter()
    del message["To"]
    message["To"] = "Asha Rao <asha@school.example>"
    carrier_to(server).send(message)
    assert server.messages[0].recipients == ["asha@school.example"]
    assert server.messages[0].message["To"] == "Asha Rao <asha@school.example>"
