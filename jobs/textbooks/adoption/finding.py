"""What is found on a row of an adoption file: a code, the value, and what is allowed instead."""

from __future__ import annotations

from dataclasses import dataclass

ERROR, WARNING = "error", "warning"

ID_NOT_FOUND = "ADOPT_ID_NOT_FOUND"
NOT_LIVE = "ADOPT_NOT_LIVE"
NOT_TEXTBOOK = "ADOPT_NOT_TEXTBOOK"
EMPTY_FIELD = "ADOPT_EMPTY_FIELD"
BOARD_NOT_IN_FRAMEWORK = "ADOPT_BOARD_NOT_IN_FRAMEWORK"
TERM_NOT_IN_FRAMEWORK = "ADOPT_TERM_NOT_IN_FRAMEWORK"
BOARD_NOT_YOURS = "ADOPT_BOARD_NOT_YOURS"
ADOPTER_INVALID, ADOPTER_ROLE = "ADOPT_ADOPTER_INVALID", "ADOPT_ADOPTER_ROLE"
NAME_INVALID = "ADOPT_NAME_INVALID"
DESCRIPTION_INVALID = "ADOPT_DESC_INVALID"
ICON_INVALID = "ADOPT_ICON_INVALID"
DUPLICATE_ROW = "ADOPT_DUPLICATE_ROW"
OWN_BOOK, OF_ADOPTED = "ADOPT_OWN_BOOK", "ADOPT_OF_ADOPTED"
CELL_WITHOUT_HEADER = "ADOPT_CELL_WITHOUT_HEADER"
# A row can hold a value as long as the file.
SHOWN = 200
CUT_MARK = "…"


@dataclass(frozen=True)
class Finding:
    """One thing about one row; an error keeps the row from being applied, a warning does not."""

    row_number: int
    textbook_id: str
    field: str
    value: str
    code: str
    message: str
    allowed: str = ""
    nearest: str = ""
    severity: str = ERROR


def shown(value: str) -> str:
    return value if len(value) <= SHOWN else value[:SHOWN] + CUT_MARK
