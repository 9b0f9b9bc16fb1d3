"""Two states, their publisher and its textbooks, as rows of the clean tables; no Spark."""

from datetime import UTC, datetime

from jobs.contracts.frameworks import FRAMEWORKS
from jobs.contracts.learning import CONTENTS, LEARNERS
from jobs.contracts.textbooks import TEXTBOOKS
from jobs.sources.cipher import encrypt

NOW = datetime(2026, 7, 1, 6, 0, tzinfo=UTC)
KEY, SALT = "0123456789abcdef", "salt"
NCERT, GUJARAT, MAHARASHTRA, CBSE = "ncert", "gujarat", "maharashtra", "cbse"
REVIEWER, CREATOR, TEACHER = "reviewer-gj", "creator-gj", "teacher-gj"
REVIEWER_MH = "reviewer-mh"
MATHS, SCIENCE, DRAFT, OWN, COPY = "do_311", "do_312", "do_313", "do_314", "do_315"
NO_BOOK = "do_900"
ICON = "https://books.example/a.png"
# A state's own values of a textbook, in the order of the header.
HEADER = "do_id,board,medium,grade,subject,name,description,icon"
WHOLE = f'{MATHS},State (Gujarat),"Gujarati,English",Class 7,Mathematics,Ganit 7,About it,{ICON}'


def terms(boards, mediums, *, retired=()):
    names = {
        "board": boards,
        "medium": (*mediums, *retired),
        "gradeLevel": ("Class 7", "Class 8"),
        "subject": ("Mathematics", "English", "Science"),
    }
    return [
        {"category": category, "code": name.lower(), "name": name,
         "status": "Retired" if name in retired else "Live"}
        for category, found in names.items() for name in found
    ]  # fmt: skip


def framework(channel, state, state_code, boards, mediums, **more):
    return {
        "channel": channel, "framework_id": f"{channel}_k-12", "is_default": True, "state": state,
        "state_code": state_code, "boards": list(boards), "terms": terms(boards, mediums, **more),
    }  # fmt: skip


FRAMEWORK_ROWS = [
    framework(
        GUJARAT, "Gujarat", "IN-GJ", ["State (Gujarat)"], ["Gujarati", "English"],
        retired=["Sindhi"],
    ),
    framework(
        MAHARASHTRA, "Maharashtra", "IN-MH", ["State (Maharashtra)", "Open School (Maharashtra)"],
        ["Marathi", "Gujarati", "English"],
    ),
    framework(CBSE, None, None, ["CBSE"], ["English", "Hindi"]),
]  # fmt: skip


def user(user_id, channel, *roles, active=True):
    return {
        "user_id": user_id, "root_org_id": channel, "channel": channel, "is_active": active,
        "email_cipher": encrypt(f"{user_id}@mail.example", key=KEY, salt=SALT),
        "roles": [{"role": role, "organisation_ids": [channel]} for role in roles],
    }  # fmt: skip


USERS = [
    user(REVIEWER, GUJARAT, "BOOK_REVIEWER"),
    user(CREATOR, GUJARAT, "CONTENT_CREATOR"),
    user(TEACHER, GUJARAT, "PUBLIC"),
    user("gone-gj", GUJARAT, "BOOK_REVIEWER", active=False),
    user(REVIEWER_MH, MAHARASHTRA, "BOOK_REVIEWER"),
]


def book(textbook_id, *, name="Maths 7", **more):
    return {
        "textbook_id": textbook_id, "version_id": textbook_id, "name": name, "status": "Live",
        "description": "NCERT's", "icon": "https://ncert.example/i.png", "channel": NCERT,
        "framework_id": "ncert_k-12", "board": "NCERT", "mediums": ["English"],
        "grades": ["Class 7"], "subjects": ["Mathematics"], "package_version": 3,
        "chapter_count": 5, "codes": [], "content_ids": [], "origin_id": None,
    } | more  # fmt: skip


BOOKS = [
    book(MATHS),
    # A live textbook that is being changed has a draft beside it.
    book(MATHS, name="Maths, revised") | {"version_id": f"{MATHS}.img", "status": "Draft"},
    book(SCIENCE, name="Science 7", subjects=["Science"]),
    book(DRAFT, name="Draft", status="Draft"),
    book(OWN, name="Gujarat's own", channel=GUJARAT, board="State (Gujarat)", mediums=["Gujarati"]),
    book(COPY, name="Copy", channel=MAHARASHTRA, origin_id=MATHS, board="State (Maharashtra)"),
]


def changed(books, textbook_id, **values):
    """The same textbooks with one of them changed by its publisher."""
    return [row | values if row["version_id"] == textbook_id else row for row in books]


def publish_all(publish_rows, books=BOOKS, *, at=NOW):
    publish_rows(TEXTBOOKS, books, data_as_of=at)
    publish_rows(FRAMEWORKS, FRAMEWORK_ROWS, data_as_of=at)
    publish_rows(LEARNERS, USERS, data_as_of=at)
    publish_rows(CONTENTS, [{"content_id": NO_BOOK, "content_name": "A video"}], data_as_of=at)


def lines(*rows, header=HEADER):
    return ("\n".join((header, *rows)) + "\n").encode()


def mediums(*rows):
    return lines(*rows, header="do_id,board,medium")
