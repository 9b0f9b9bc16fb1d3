"""Mail into a folder, and what any carrier refuses."""

import email
import email.policy
from email.message import EmailMessage

import pytest

from jobs.errors import SettingsError
from jobs.storage.mail import FolderCarrier, MailError, open_mail
from jobs.storage.smtp import YagmailCarrier


def letter(to="asha@school.example", text="Hello", message_id="<a-1@sunbird.example>"):
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = "reports@sunbird.example"
    if to:
        message["To"] = to
    message["Subject"] = "Progress"
    message["Message-ID"] = message_id
    message.set_content(text)
    return message


def test_folder_keeps_a_message_that_mail_programs_open(tmp_path):
    said = FolderCarrier(tmp_path / "mailbox").send(letter())
    (kept,) = (tmp_path / "mailbox").iterdir()
    found = email.message_from_bytes(kept.read_bytes(), policy=email.policy.SMTP)
    assert said == "250 kept as a-1.eml"
    assert kept.name == "a-1.eml"
    assert found["To"] == "asha@school.example"
    assert found.get_content().strip() == "Hello"
    assert kept.stat().st_mode & 0o777 == 0o600


def test_same_message_again_replaces_itself_and_another_does_not(tmp_path):
    carrier = FolderCarrier(tmp_path)
    carrier.send(letter(text="first"))
    carrier.send(letter(text="second"))
    carrier.send(letter(message_id="<a-2@sunbird.example>"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a-1.eml", "a-2.eml"]
    assert b"second" in (tmp_path / "a-1.eml").read_bytes()


def test_message_id_cannot_lead_out_of_the_folder(tmp_path):
    FolderCarrier(tmp_path / "mailbox").send(letter(message_id="<../../etc/x@sunbird.example>"))
    assert [path.name for path in tmp_path.iterdir()] == ["mailbox"]
    assert len(list((tmp_path / "mailbox").iterdir())) == 1


def test_folder_that_cannot_be_written_loses_nothing(tmp_path):
    (tmp_path / "mailbox").write_text("a file where the folder should be")
    with pytest.raises(MailError, match="cannot be written") as caught:
        FolderCarrier(tmp_path / "mailbox").send(letter())
    assert caught.value.is_server_down
    assert not caught.value.permanent


@pytest.mark.parametrize("to", ["a@x.example, b@x.example", ""])
def test_message_to_none_or_several_is_refused(tmp_path, to):
    with pytest.raises(MailError, match="exactly one address") as caught:
        FolderCarrier(tmp_path).send(letter(to=to))
    assert caught.value.permanent
    assert list(tmp_path.iterdir()) == []


def test_hidden_copy_is_a_second_recipient_and_refused(tmp_path):
    message = letter()
    message["Bcc"] = "b@x.example"
    with pytest.raises(MailError, match="names 2"):
        FolderCarrier(tmp_path).send(message)


def test_carrier_is_a_folder_until_a_server_is_set(make_settings):
    assert isinstance(open_mail(make_settings()), FolderCarrier)
    assert isinstance(open_mail(make_settings(smtp_host="mail.example")), YagmailCarrier)


@pytest.mark.parametrize(
    "host", ["mail.example", "192.0.2.1", "127.0.0.1.mail.example", "10.0.0.1"]
)
def test_unprotected_mail_leaves_this_machine_never(make_settings, host):
    with pytest.raises(SettingsError, match="this machine only"):
        open_mail(make_settings(smtp_host=host, smtp_security="none"))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.0.0.2", "::1"])
def test_unprotected_mail_within_this_machine_is_allowed(make_settings, host):
    open_mail(make_settings(smtp_host=host, smtp_security="none"))


def test_login_without_a_password_is_refused_instead_of_asked_for(make_settings):
    with pytest.raises(SettingsError, match="SMTP_PASSWORD is not"):
        open_mail(make_settings(smtp_host="mail.example", smtp_user="reports"))


def test_file_of_certificates_that_holds_none_is_refused(make_settings, tmp_path):
    for content in (b"", b"not a certificate"):
        (tmp_path / "ca.pem").write_bytes(content)
        with pytest.raises(SettingsError, match="SMTP_CA_FILE"):
            open_mail(make_settings(smtp_host="mail.example", smtp_ca_file=tmp_path / "ca.pem"))
