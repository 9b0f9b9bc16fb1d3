"""Mail out: one message, one try, and the receiver's own words for what became of it."""

from __future__ import annotations

import os
import re
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Protocol

from jobs.errors import DeliveryError
from jobs.settings import Settings
from jobs.storage.aside import file_aside


class MailError(DeliveryError):
    """A try that did not end with the server's yes.

    `permanent`: the server will never take it. `unclear`: the message was handed over whole and no
    answer came, so it may have been delivered. `is_server_down`: the message was not even offered.
    `server_said` may hold an address; the error's text never does.
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        unclear: bool = False,
        is_server_down: bool = False,
        server_said: str = "",
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.unclear = unclear
        self.is_server_down = is_server_down
        self.server_said = server_said


class Carrier(Protocol):
    """What takes a message away; the answer is the receiver's own."""

    def send(self, message: EmailMessage) -> str: ...


def open_mail(settings: Settings) -> Carrier:
    """The mail server of the settings; where none is set, a folder of .eml files."""
    if settings.smtp_host is None:
        return FolderCarrier(settings.mailbox)
    # Only where mail leaves the machine: the library is slow to import.
    from jobs.storage.smtp import YagmailCarrier

    return YagmailCarrier(settings)


class FolderCarrier:
    """Messages as files that any mail program opens; the same message replaces itself."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: EmailMessage) -> str:
        single_recipient(message)
        own = str(message["Message-ID"]).strip("<>").partition("@")[0]
        target = self.folder / f"{re.sub(r'[^A-Za-z0-9._-]', '_', own)[:150]}.eml"
        try:
            with file_aside(self.folder) as (aside, copy):
                copy.write(message.as_bytes(policy=SMTP))
                copy.flush()
                os.fsync(copy.fileno())
                aside.replace(target)
            settle(self.folder)
        except OSError as error:
            raise MailError(
                f"The mailbox {self.folder} cannot be written: {error.strerror}. Make room or"
                " rights; the message stays in the outbox.",
                is_server_down=True,
                server_said=error.strerror or "",
            ) from error
        return f"250 kept as {target.name}"


def single_recipient(message: EmailMessage) -> str:
    found: list[str] = [
        address.addr_spec
        for name in ("To", "Cc", "Bcc")
        for header in message.get_all(name, [])
        for address in header.addresses
    ]
    if len(found) != 1:
        raise MailError(
            f"A message goes to exactly one address; this one names {len(found)}.", permanent=True
        )
    return found[0]


def settle(folder: Path) -> None:
    """Make the new name survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
