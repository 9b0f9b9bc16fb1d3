"""What a message says of a link to a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class FileLink:
    """Where a file can be had, and until when; the address is a secret of its reader."""

    url: str = field(repr=False)
    until: datetime
