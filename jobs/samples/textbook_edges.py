"""Every oddity of the small Sunbird's textbooks: a sentence each, and the textbook that has it."""

from enum import Enum

from jobs.samples import textbooks
from jobs.samples.textbook_trees import Book


class TextbookEdge(Enum):
    """What is odd, in a sentence."""

    CHAPTERS_ODD = "The textbook has five chapters: two are of the first term."
    LEVELS_FIVE = "Its units go five levels deep."
    CODE_REPEATED = "One QR code stands in two chapters: it counts twice."
    CODE_OF_THE_BOOK = "A QR code is of the book as a whole."
    CODES_TWO_AT_A_UNIT = "Two QR codes lead to one unit."
    CODE_EMPTY = "A QR code leads to a unit without contents, there and below."
    CODE_WITH_CONTENTS_BELOW = "A QR code's contents are linked to units below only."
    CODE_OF_TWO_TEXTBOOKS = "Two publishers printed the same QR code."
    CODES_NONE = "The textbook has no QR code, no grade and no subject."
    SUBJECTS_TWO = "The textbook is of two subjects: it counts once in the total."
    VERSIONS_TWO = "A live textbook is being changed: there is a draft of it."
    HIERARCHY_MISSING = "The textbook has no row in the hierarchy table."
    HIERARCHY_TORN = "The JSON of the textbook's hierarchy is torn off."
    RETIRED = "The textbook was retired: it is in no report."
    COPIED = "A state's copy of a publisher's textbook, under an id of its own."
    UNITS_EMPTY = "A draft has chapters, and no content and no QR code yet."


BOOK_OF: dict[TextbookEdge, Book] = {
    TextbookEdge.CHAPTERS_ODD: textbooks.MATHS_7,
    TextbookEdge.LEVELS_FIVE: textbooks.SCIENCE_7,
    TextbookEdge.CODE_REPEATED: textbooks.MATHS_7,
    TextbookEdge.CODE_OF_THE_BOOK: textbooks.MATHS_7,
    TextbookEdge.CODES_TWO_AT_A_UNIT: textbooks.SCIENCE_7,
    TextbookEdge.CODE_EMPTY: textbooks.SCIENCE_7,
    TextbookEdge.CODE_WITH_CONTENTS_BELOW: textbooks.MATHS_7,
    TextbookEdge.CODE_OF_TWO_TEXTBOOKS: textbooks.WORKBOOK_7,
    TextbookEdge.CODES_NONE: textbooks.READER,
    TextbookEdge.SUBJECTS_TWO: textbooks.SOCIAL_8,
    TextbookEdge.VERSIONS_TWO: textbooks.ENGLISH_6,
    TextbookEdge.HIERARCHY_MISSING: textbooks.MISSING,
    TextbookEdge.HIERARCHY_TORN: textbooks.TORN,
    TextbookEdge.RETIRED: textbooks.RETIRED,
    TextbookEdge.COPIED: textbooks.COPY,
    TextbookEdge.UNITS_EMPTY: textbooks.ART_1,
}
