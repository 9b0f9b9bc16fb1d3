"""The codes of an adoption file's errors and the names of its fields, in words."""

from __future__ import annotations

from jobs.delivery.wording import Wording


def errors_in_words(wording: Wording) -> dict[str, str]:
    _ = wording.say
    return {
        "ADOPT_ID_NOT_FOUND": _("No textbook has this id"),
        "ADOPT_NOT_LIVE": _("The textbook is not Live"),
        "ADOPT_NOT_TEXTBOOK": _("A content, and no textbook"),
        "ADOPT_EMPTY_FIELD": _("A field is empty"),
        "ADOPT_BOARD_NOT_IN_FRAMEWORK": _("The board is not in your framework"),
        "ADOPT_TERM_NOT_IN_FRAMEWORK": _("A medium, grade or subject is not in your framework"),
        "ADOPT_BOARD_NOT_YOURS": _("The board belongs to another tenant"),
        "ADOPT_NAME_INVALID": _("The name cannot be shown"),
        "ADOPT_DESC_INVALID": _("The description cannot be shown"),
        "ADOPT_ICON_INVALID": _("The icon is not the address of a picture"),
        "ADOPT_DUPLICATE_ROW": _("The textbook is in the file more than once for one board"),
        "ADOPT_OWN_BOOK": _("The textbook is your own"),
        "ADOPT_OF_ADOPTED": _("The textbook is an adopted copy itself"),
        "ADOPT_CELL_WITHOUT_HEADER": _("A row has more cells than the header"),
    }


def refusals_in_words(wording: Wording) -> dict[str, str]:
    _ = wording.say
    return {
        "ADOPT_ADOPTER_INVALID": _("The adopter is no active user of the tenant"),
        "ADOPT_ADOPTER_ROLE": _("The adopter may not adopt textbooks"),
        "FILE_TOO_LARGE": _("The file is too large"),
        "FILE_TOO_MANY_ROWS": _("The file has too many rows"),
        "FILE_NOT_UTF8": _("The file is not UTF-8: save it as CSV UTF-8"),
        "FILE_NOT_CSV": _("The file is no CSV: save it as CSV UTF-8"),
        "FILE_QUOTES": _("A quote in the file is not closed, or stands in the middle of a cell"),
        "FILE_EMPTY": _("The file is empty"),
        "FILE_NO_ROWS": _("The file has a header and no rows"),
        "FILE_HEADER_MISSING": _("A column is missing in the header"),
        "FILE_HEADER_UNKNOWN": _("A column of the header is not known"),
        "FILE_HEADER_TWICE": _("A column is in the header twice"),
        "FILE_STATE_UNKNOWN": _("No single tenant with a framework is meant by the state"),
        "FILE_BOARD_UNKNOWN": _("The file names no board, and the tenant does not have just one"),
    }


def fields_in_words(wording: Wording) -> dict[str, str]:
    _ = wording.say
    return {
        "mediums": _("Medium"),
        "grades": _("Grade"),
        "subjects": _("Subject"),
        "name": _("Name"),
        "description": _("Description"),
        "icon": _("Icon"),
        "adopting_channel": _("Adopted by"),
    }
