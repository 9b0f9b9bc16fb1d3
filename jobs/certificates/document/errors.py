"""Why a certificate is held: what its maker can act on, without naming the learner."""

from __future__ import annotations

import unicodedata

from jobs.errors import RequestError


class CertificateHeld(RequestError):  # noqa: N818 -- what is held may yet be issued
    """This certificate cannot be made; others can. `reason` is its code in the ledger."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason

    def __reduce__(self) -> tuple[type[CertificateHeld], tuple[str, str]]:
        return CertificateHeld, (self.reason, str(self))


def no_glyph(where: str, character: str) -> CertificateHeld:
    return CertificateHeld(
        "no_glyph",
        f"The {where} promised characters that our fonts can print; it holds"
        f" {named(character)}, which none of them has. Correct the {where}, or add a font with"
        " this character to jobs/fonts.",
    )


def broken_syllable(where: str, character: str) -> CertificateHeld:
    return CertificateHeld(
        "no_glyph",
        f"The {where} promised whole syllables; its {named(character)} has no letter to stand"
        f" on, and a dotted circle would be printed. Correct the {where}.",
    )


def named(character: str) -> str:
    name = unicodedata.name(character, "a character without a name")
    return f"U+{ord(character):04X} {name}"
