"""How one file is protected: the level, and the key that it is locked with."""

from __future__ import annotations

from dataclasses import dataclass, field

from jobs.contracts.protection import PASSWORD, PLAIN, PUBLIC_KEY, SECURITY_LEVELS, TEXT_KEY
from jobs.delivery import age
from jobs.delivery.public_keys import PublicKey
from jobs.errors import ArchiveError

AGE_LEVELS = (TEXT_KEY, PUBLIC_KEY)


@dataclass(frozen=True)
class Protection:
    """A level with the key that it needs, and no other: without one there is no protection made.

    `work` is how hard a passphrase is to guess, for age.
    """

    level: str
    secret: str | None = field(default=None, repr=False)
    public_key: PublicKey | None = field(default=None, repr=False)
    work: int = age.WORK

    def __post_init__(self) -> None:
        if self.level not in SECURITY_LEVELS:
            self.refuse("is none that is known")
        if self.level in (PASSWORD, TEXT_KEY) and not self.secret:
            self.refuse("needs a key, and it is empty")
        if self.level == PUBLIC_KEY and self.public_key is None:
            self.refuse("needs a public key, and there is none")
        if self.level in (PLAIN, PUBLIC_KEY) and self.secret is not None:
            self.refuse("takes no secret key, and one was given")
        if self.level != PUBLIC_KEY and self.public_key is not None:
            self.refuse("takes no public key, and one was given")

    def refuse(self, why: str) -> None:
        raise ArchiveError(
            f"The file must be protected as {self.level!r}, which {why}. Nothing was written. Ask"
            " again with a key, or have the rule of your organisation set right."
        )

    @property
    def is_protected(self) -> bool:
        return self.level != PLAIN

    @property
    def password(self) -> str | None:
        """The password of the zip archive itself."""
        return self.secret if self.level == PASSWORD else None

    @property
    def wraps_all(self) -> bool:
        """Whether the archive as a whole is inside an age file."""
        return self.level in AGE_LEVELS

    @property
    def ending(self) -> str:
        """How the file's name ends: it tells which program opens it."""
        return ".zip.age" if self.wraps_all else ".zip"

    def wrap(self) -> age.Wrap | None:
        """What locks the whole archive; None where the archive itself is locked, or nothing is."""
        if self.public_key is not None:
            return age.for_public_key(self.public_key)
        if self.level == TEXT_KEY and self.secret is not None:
            return age.for_passphrase(self.secret, work=self.work)
        return None


UNPROTECTED = Protection(PLAIN)
