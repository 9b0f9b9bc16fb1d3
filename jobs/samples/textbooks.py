"""The textbooks of the small Sunbird, of two publishers and their states, with what is odd."""

from dataclasses import replace

from jobs.samples.places import GUJARAT, KARNATAKA, NATIONAL, PRESS
from jobs.samples.textbook_trees import Unit, book, chapters, code, content_of, textbook_id

# A topic in each of two chapters carries the code that is on neither's first page.
REPEATED_CODE = code(1, 20)
SHARED_CODE = code(1, 1)
SHARED_CONTENT = content_of(1, 1)
MATHS_7 = book(
    1,
    "Mathematics, Class 7",
    NATIONAL,
    (
        Unit("Integers", (SHARED_CODE,), (1,), (Unit("Number line", (REPEATED_CODE,), (2,)),)),
        Unit("Fractions", (code(1, 2),), (3,)),
        Unit("Data handling", (code(1, 3),), (), (Unit("Mean", (), (4,)), Unit("Mode"))),
        Unit("Lines and angles", (code(1, 4),), (), (Unit("Parallel lines", (REPEATED_CODE,)),)),
        Unit("Triangles", (code(1, 5),), (5,)),
    ),
    code(1, 90),
)
SCIENCE_7 = book(
    2,
    "Science, Class 7",
    NATIONAL,
    (
        Unit(
            "Living things",
            (code(2, 1),),
            (),
            (
                Unit(
                    "Plants",
                    (code(2, 2),),
                    (),
                    (
                        Unit(
                            "Nutrition",
                            (code(2, 3),),
                            (),
                            (
                                Unit(
                                    "Photosynthesis",
                                    (code(2, 4),),
                                    (1,),
                                    (Unit("Chlorophyll", (code(2, 5),), (2,)), Unit("Stomata")),
                                ),
                            ),
                        ),
                    ),
                ),
                Unit("Animals", (code(2, 6), code(2, 7)), (3,)),
            ),
        ),
        Unit("Heat", (code(2, 8),), ()),
    ),
    subjects=("Science",),
)
SOCIAL_8 = book(
    3,
    "Our Pasts and our Earth",
    NATIONAL,
    chapters(3, 3),
    grades=("Class 8",),
    subjects=("History", "Geography"),
)
ENGLISH_6 = book(
    4, "Honeysuckle", NATIONAL, chapters(4, 4), grades=("Class 6",), subjects=("English",)
)
ENGLISH_6_DRAFT = replace(
    book(4, "Honeysuckle, revised", NATIONAL, chapters(4, 6)),
    version_id=f"{textbook_id(4)}.img",
    status="Draft",
    grades=("Class 6",),
    subjects=("English",),
)
HINDI_5 = book(
    5,
    "रिमझिम",
    NATIONAL,
    chapters(5, 2),
    status="Review",
    mediums=("Hindi",),
    grades=("Class 5",),
    subjects=("Hindi",),
)
ART_1 = book(
    6,
    "Joyful Art",
    NATIONAL,
    (Unit("Colours"), Unit("Shapes")),
    status="Draft",
    grades=("KG", "Class 1"),
    subjects=("Art",),
)
MISSING = replace(
    book(7, "Textbook without a hierarchy", NATIONAL, (), subjects=("Sanskrit",)), hierarchy=None
)
TORN = book(8, "Textbook with a torn hierarchy", NATIONAL, chapters(8, 2), subjects=("Urdu",))
TORN = replace(TORN, hierarchy=(TORN.hierarchy or "")[:300])
# Its first chapter has the first code, and the first content, of another publisher's book.
WORKBOOK_7 = book(
    9,
    "Practice Mathematics 7",
    PRESS,
    (Unit("Integers", (SHARED_CODE,), (SHARED_CONTENT,)), Unit("Fractions", (code(9, 2),))),
    board="CBSE",
)
READER = book(
    10,
    "Reader without codes",
    PRESS,
    (Unit("Stories", (), (1, 2)),),
    board=None,
    mediums=(),
    grades=(),
    subjects=(),
)
RETIRED = book(11, "Moral Science, first edition", PRESS, chapters(11, 2), status="Retired")
GUJARATI_7 = book(
    12,
    "ગણિત, ધોરણ 7",
    GUJARAT,
    chapters(12, 3),
    board="State (Gujarat)",
    mediums=("Gujarati",),
)
# An older way to adopt: a copy under an id of its own, which keeps the codes and contents.
COPY = replace(
    GUJARATI_7,
    version_id=textbook_id(13),
    name="વિજ્ઞાન, ધોરણ 7",
    tree=SCIENCE_7.tree,
    hierarchy=SCIENCE_7.hierarchy,
    subjects=("Science",),
    origin=SCIENCE_7.textbook_id,
)
KANNADA_6 = book(
    14,
    "ಸಿರಿ ಕನ್ನಡ",
    KARNATAKA,
    chapters(14, 1),
    board="State (Karnataka)",
    status="Draft",
    mediums=("Kannada",),
    grades=("Class 6",),
    subjects=("Kannada",),
)
BOOKS = (
    MATHS_7, SCIENCE_7, SOCIAL_8, ENGLISH_6, ENGLISH_6_DRAFT, HINDI_5, ART_1, MISSING, TORN,
    WORKBOOK_7, READER, RETIRED, GUJARATI_7, COPY, KANNADA_6,
)  # fmt: skip
