"""A mail server spoken to over a checked connection: one message, offered once."""

from __future__ import annotations

import ipaddress
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import yagmail

from jobs.errors import SettingsError
from jobs.settings import Settings
from jobs.storage.crash_points import crash_point
from jobs.storage.mail import MailError, single_recipient

SAID_LENGTH = 500
OK = range(200, 300)
REFUSED = range(500, 600)
START_MAIL_INPUT = 354
# What a server says of itself, not of the message: closing down, or wanting another login.
ABOUT_ITSELF = (421, 530)


class YagmailCarrier:
    """A mail server, reached and logged in to by yagmail; the one try of sending is made here.

    yagmail's own send() repeats a message whose answer was lost, returns False where it failed and
    attaches files that a text happens to name.
    """

    def __init__(self, settings: Settings) -> None:
        host = settings.smtp_host or ""
        if settings.smtp_security == "none" and not is_loopback(host):
            raise SettingsError(
                "SUNBIRD_BATCH_SMTP_SECURITY=none sends learners' files in the open and is for"
                f" this machine only; SUNBIRD_BATCH_SMTP_HOST is {host}. Use starttls or tls."
            )
        if settings.smtp_user and settings.smtp_password is None:
            raise SettingsError(
                "SUNBIRD_BATCH_SMTP_USER is set and SUNBIRD_BATCH_SMTP_PASSWORD is not."
            )
        self.settings = settings
        self.host = host
        self.context = trusted(settings.smtp_ca_file) if settings.smtp_security != "none" else None

    def send(self, message: EmailMessage) -> str:
        recipient = single_recipient(message)
        sender = message["From"].addresses[0].addr_spec
        body = message.as_bytes(policy=SMTP)
        client = self.client()
        try:
            with self.before_the_message():
                client.login()
                client.smtp.ehlo_or_helo_if_needed()
            return hand_over(client.smtp, sender, recipient, body)
        finally:
            close(client)

    def client(self) -> Any:
        settings = self.settings
        security = settings.smtp_security
        kwargs = {"context": self.context} if security == "tls" else {}
        password = settings.smtp_password
        client = yagmail.SMTP(
            user="user@unused.invalid",
            password=password.get_secret_value() if password else None,
            host=self.host,
            port=settings.smtp_port,
            smtp_ssl=security == "tls",
            smtp_starttls={"context": self.context} if security == "starttls" else False,
            smtp_skip_login=not settings.smtp_user,
            soft_email_validation=False,
            timeout=settings.smtp_timeout_seconds,
            **kwargs,
        )
        # Given to the constructor, a user without @ becomes one at gmail.com.
        client.user = settings.smtp_user
        return client

    @contextmanager
    def before_the_message(self) -> Iterator[None]:
        try:
            yield
        except (smtplib.SMTPException, OSError) as error:
            said = answer_of(error)
            raise MailError(
                f"The mail server {self.host}:{self.settings.smtp_port} cannot be used:"
                f" {type(error).__name__} {said}. Check SUNBIRD_BATCH_SMTP_*; nothing was sent.",
                is_server_down=True,
                server_said=said,
            ) from error


def hand_over(smtp: smtplib.SMTP, sender: str, recipient: str, body: bytes) -> str:
    """The server's words for the message that it took, offered once."""
    size = [f"SIZE={len(body)}"] if smtp.has_extn("size") else []
    with clear_end():
        refuse("the sender", *smtp.mail(sender, size))
        refuse("the recipient", *smtp.rcpt(recipient))
        code, said = smtp.docmd("DATA")
        if code != START_MAIL_INPUT:
            refuse("the message", code, said)
        # A line that is one dot would end the message early.
        smtp.send(re.sub(rb"(?m)^\.", b"..", body))
        if not body.endswith(b"\r\n"):
            smtp.send(b"\r\n")
    try:
        crash_point("send: before the last dot")
        smtp.send(b".\r\n")
        crash_point("send: answer not read")
        code, said = smtp.getreply()
    except (smtplib.SMTPException, OSError) as error:
        raise MailError(
            "The mail server took the whole message and gave no answer: it may have been"
            f" delivered ({type(error).__name__}).",
            unclear=True,
            server_said=answer_of(error),
        ) from error
    refuse("the message", code, said)
    return answer(code, said)


@contextmanager
def clear_end() -> Iterator[None]:
    try:
        yield
    except (smtplib.SMTPException, OSError) as error:
        raise MailError(
            "The connection to the mail server broke before the message was over"
            f" ({type(error).__name__}); it was not delivered.",
            server_said=answer_of(error),
        ) from error


def refuse(what: str, code: int, said: bytes) -> None:
    if code in OK:
        return
    raise MailError(
        f"The mail server refused {what} with {code}.",
        permanent=code in REFUSED and code not in ABOUT_ITSELF,
        is_server_down=code in ABOUT_ITSELF,
        server_said=answer(code, said),
    )


def close(client: Any) -> None:
    """Say goodbye where one can; its answer changes nothing any more."""
    # Else yagmail says goodbye a second time, whenever the object is collected.
    client.is_closed = True
    if client.smtp is None:
        return
    try:
        client.smtp.quit()
    except (smtplib.SMTPException, OSError):
        client.smtp.close()


def answer_of(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return answer(error.smtp_code, error.smtp_error)
    return one_line(str(error))


def answer(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return one_line(f"{code} {text}")


def one_line(text: str) -> str:
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split())[:SAID_LENGTH]


def trusted(ca_file: Path | None) -> ssl.SSLContext:
    """Certificates are checked, name and dates included; there is no way to switch that off."""
    context = ssl.create_default_context()
    if ca_file is not None:
        try:
            context.load_verify_locations(cafile=str(ca_file))
        except (OSError, ssl.SSLError) as error:
            raise SettingsError(
                f"SUNBIRD_BATCH_SMTP_CA_FILE={ca_file} holds no certificates that can be read:"
                f" {error}."
            ) from error
    return context


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
