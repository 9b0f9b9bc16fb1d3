"""The secret that signs links: the setting's, or one that this home keeps for itself."""

from __future__ import annotations

import contextlib
import os
import secrets
from uuid import uuid4

from jobs.errors import SettingsError
from jobs.settings import Settings

LENGTH = 32


def link_secret(settings: Settings) -> bytes:
    """The same for every process of this home; SettingsError where it cannot be kept."""
    if settings.links_secret is not None:
        return settings.links_secret.get_secret_value().encode()
    kept = settings.home / "secrets" / "links_secret"
    try:
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            aside = kept.with_name(f".{uuid4().hex}.part")
            with open(aside, "x", encoding="ascii", opener=private) as file:
                file.write(secrets.token_urlsafe(LENGTH))
            # Whoever comes second takes the first one's: a link never replaces a file.
            with contextlib.suppress(FileExistsError):
                os.link(aside, kept)
            aside.unlink()
        text = kept.read_text(encoding="ascii").strip()
    except OSError as error:
        raise SettingsError(
            f"The secret that signs links is kept in {kept}: {error.strerror}. Make the folder"
            " writable, or set SUNBIRD_BATCH_LINKS_SECRET."
        ) from error
    if len(text) < LENGTH:
        raise SettingsError(
            f"The secret in {kept} has {len(text)} characters and must have {LENGTH}. Remove the"
            " file, and a new one is made; links mailed before open nothing then."
        )
    return text.encode()


def private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
