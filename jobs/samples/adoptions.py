"""Adoption files of the small Sunbird: rows that are right, and one of each kind that is not."""

from dataclasses import dataclass

from jobs.samples.places import GUJARAT, KARNATAKA
from jobs.samples.staff import REVIEWER_GUJARAT, REVIEWER_KARNATAKA
from jobs.samples.textbooks import COPY, ENGLISH_6, MATHS_7, RETIRED, SCIENCE_7, SOCIAL_8


@dataclass(frozen=True)
class AdoptionFile:
    """A file as it stands in the inbox."""

    channel: str
    adopter_id: str
    name: str
    text: str

    @property
    def key(self) -> str:
        return f"{self.channel}/{self.adopter_id}/{self.name}"


BOARD = "State (Gujarat)"
OF_GUJARAT = AdoptionFile(
    GUJARAT.channel,
    REVIEWER_GUJARAT,
    "books-of-gujarat.csv",
    "\n".join(
        (
            "Textbook ID,Board,Medium",
            f'{MATHS_7.textbook_id},{BOARD},"Gujarati, English"',
            f"{SOCIAL_8.textbook_id},{BOARD},English",
            # Two values that nobody may choose, one of them retired.
            f'{ENGLISH_6.textbook_id},{BOARD},"Gujarathi, Sindhi"',
            f"{RETIRED.textbook_id},{BOARD},English",
            f"{COPY.textbook_id},{BOARD},English",
            f"{SCIENCE_7.textbook_id.upper()},State (Karnataka),",
            "",
        )
    ),
)
OF_KARNATAKA = AdoptionFile(
    KARNATAKA.channel,
    REVIEWER_KARNATAKA,
    "books-of-karnataka.csv",
    "\n".join(
        (
            "do_id,board,medium,grade,subject,name,description,icon",
            f"{MATHS_7.textbook_id},State (Karnataka),Kannada,Class 7,Mathematics,"
            "ಗಣಿತ 7,ಏಳನೇ ತರಗತಿ,https://books.example/kannada/7.png",
            "",
        )
    ),
)
ADOPTION_FILES = (OF_GUJARAT, OF_KARNATAKA)
