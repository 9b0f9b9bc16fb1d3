"""How the files of a message are opened, in a few sentences: docs/opening-files.md says more."""

from __future__ import annotations

from jobs.contracts.protection import PASSWORD, PLAIN, PUBLIC_KEY, SECURITY_LEVELS, TEXT_KEY
from jobs.delivery import answered
from jobs.delivery.facts import ExhaustFacts
from jobs.delivery.wording import Wording


def opening(facts: ExhaustFacts, wording: Wording) -> list[str]:
    _ = wording.say
    how = [sentence for level in levels(facts) for sentence in ways(level, wording)]
    names = [name for batch in facts.batches for name in batch.files]
    if any(name.endswith(".xlsx") for name in names):
        how.append(
            _("Inside is also an XLSX file with the same rows, in which long IDs stay whole.")
        )
    how += answered.several_files(facts, wording)
    return [
        *how,
        _(
            "Spreadsheet programs shorten long IDs (1.23E+18). To keep them, import the CSV with"
            " its columns as text, and do not save over the original."
        ),
    ]


def levels(facts: ExhaustFacts) -> list[str]:
    """How the files are protected, each way once."""
    known = [level for level in SECURITY_LEVELS if level in facts.security_levels]
    return known or [PASSWORD if facts.is_protected else PLAIN]


def ways(level: str, wording: Wording) -> list[str]:
    _ = wording.say
    told = {
        PLAIN: [
            _(
                "The file is a zip archive without a password: double-click it on a computer, tap"
                " it on a phone. Inside is a CSV file for Excel, LibreOffice or Google Sheets."
            )
        ],
        PASSWORD: [
            _(
                "The file is a zip archive locked with the key that you gave with your request."
                " The key is never sent by mail."
            ),
            _(
                "Open it on a computer with 7-Zip or WinZip, on a phone with ZArchiver or RAR. The"
                " zip folders of Windows and the unzip command cannot open it."
            ),
        ],
        TEXT_KEY: [
            _(
                "The file, whose name ends in .age, is locked with the key that you gave with your"
                " request; if you gave none, with your organisation's key for these files. The key"
                " is never sent by mail."
            ),
            _(
                "Open it on a computer with the free program age (age-encryption.org):"
                " age -d -o report.zip FILE. It asks for the key. Inside is a zip archive with a"
                " CSV file."
            ),
        ],
        PUBLIC_KEY: [
            _(
                "The file, whose name ends in .age, is locked for your organisation: it opens only"
                " with the private key, which your organisation's administrator keeps."
            ),
            _(
                "It is opened on a computer with the free program age (age-encryption.org):"
                " age -d -i PRIVATE-KEY -o report.zip FILE. Inside is a zip archive with a CSV"
                " file."
            ),
        ],
    }
    return told[level]
