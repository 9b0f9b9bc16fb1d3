"""Whose an event is: the decision table of adopted textbooks, row by row, and its edges."""

from pyspark.sql import functions as F

from jobs.usage.states import STATES, spellings, squeezed
from tests.jobs.usage.textbook_world import ANY_TIME, credits_of, events, to


def plays(spark, drawing):
    """Plays at a time when the adoptions of maths hold, unless the case says another."""
    drawn = events(drawing)
    return drawn.withColumns(
        {
            "kind": F.coalesce("kind", F.lit("play")),
            "event_at": F.coalesce("event_at", F.lit(ANY_TIME).cast("timestamp")),
            "channel": F.lit("org-prs"),
        }
    )


def test_credit_goes_to_the_adopting_state_of_the_device_at_the_time_and_else_to_the_publisher(
    spark,
):
    drawn = plays(
        spark,
        """
        | device_id           | collection_id | object_id | declared_state | address_state | country_code | event_at            | kind |
        | not adopted         | science       | c1        | Gujarat        |               |              |                     |      |
        | adopter             | maths         | c1        | Gujarat        |               |              |                     |      |
        | other adopter       | maths         | c1        |                | Delhi         | IN           |                     |      |
        | no adopter          | maths         | c1        | Kerala         |               |              |                     |      |
        | unknown place       | maths         | c1        |                |               | IN           |                     |      |
        | nonsense place      | maths         | c1        | Atlantis       |               |              |                     |      |
        | nonsense, address   | maths         | c1        | Atlantis       | Gujarat       | IN           |                     |      |
        | no textbook         |               | c9        | Gujarat        |               |              |                     |      |
        | a course            | course-1      | only      | Gujarat        |               |              |                     |      |
        | declared first      | maths         | c1        | Gujarat        | Delhi         | IN           |                     |      |
        | abroad              | maths         | c1        |                | Gujarat       | AE           |                     |      |
        | declared, abroad    | maths         | c1        | Gujarat        | Dubai         | AE           |                     |      |
        | before it           | maths         | c1        | Gujarat        |               |              | 2026-11-09 23:59:59 |      |
        | from it on          | maths         | c1        | Gujarat        |               |              | 2026-11-10 00:00:00 |      |
        | overwritten, before | sums          | c1        | Gujarat        |               |              | 2026-11-11 23:59:59 |      |
        | overwritten, after  | sums          | c1        | Gujarat        |               |              | 2026-11-12 00:00:00 |      |
        | removed             | sums          | c1        | Gujarat        |               |              | 2026-11-15 00:00:00 |      |
        | book retired        | retired       | c1        | Gujarat        |               |              |                     |      |
        | copy, own state     | maths-copy    | c1        | Gujarat        |               |              |                     |      |
        | copy, other state   | maths-copy    | c1        | Delhi          |               |              |                     |      |
        | copy, outsider      | maths-copy    | c1        | Kerala         |               |              |                     |      |
        | two boards, a state | hindi         | c1        | Gujarat        |               |              |                     |      |
        | no territory        | hindi         | c1        | Kerala         |               |              |                     |      |
        | one book            |               | only      | Gujarat        |               |              |                     |      |
        | books of one        |               | both      | Gujarat        |               |              |                     |      |
        | books of several    |               | rivals    | Gujarat        |               |              |                     |      |
        | unknown publisher   | stray         | c1        | Gujarat        |               |              |                     |      |
        | image of the book   | maths.img     | c1        | Gujarat        |               |              |                     |      |
        |                     | maths         | c1        | Gujarat        | Gujarat       | IN           |                     |      |
        | session             |               |           | Gujarat        |               |              |                     | session |
        """,
    )

    assert credits_of(drawn) == {
        "not adopted": to("national"),
        "adopter": to("gujarat", "A"),
        "other adopter": to("delhi", "A"),
        "no adopter": to("national"),
        "unknown place": to("national", "U"),
        "nonsense place": to("national", "U"),
        "nonsense, address": to("gujarat", "A"),
        "no textbook": ("unattributed", "", ""),
        "a course": ("unattributed", "", ""),
        "declared first": to("gujarat", "A"),
        "abroad": to("national"),
        "declared, abroad": to("gujarat", "A"),
        "before it": to("national"),
        "from it on": to("gujarat", "A"),
        "overwritten, before": to("gujarat", "A"),
        "overwritten, after": to("gujarat", "A"),
        "removed": to("national"),
        "book retired": to("national"),
        "copy, own state": to("gujarat", "A"),
        "copy, other state": to("delhi", "A"),
        "copy, outsider": to("national"),
        "two boards, a state": to("gujarat", "AT"),
        "no territory": to("national"),
        "one book": to("gujarat", "A"),
        "books of one": to("gujarat", "A"),
        "books of several": ("ambiguous", "", ""),
        "unknown publisher": ("unmapped", "", ""),
        "image of the book": to("gujarat", "A"),
        None: to("national", "U"),
        # By the channel that the producer was used for.
        "session": to("press"),
    }


CONFLICTS = """
    | device_id     | collection_id | declared_state | profile_state | kind |
    | agree         | maths         | Gujarat        | Gujarat       |      |
    | differ        | maths         | Delhi          | Gujarat       |      |
    | out of state  | maths         | Kerala         | Gujarat       |      |
    | no profile    | maths         | Gujarat        |               |      |
    | no device     | maths         |                | Gujarat       |      |
    | neither       | maths         |                |               |      |
    | not adopted   | science       | Delhi          | Gujarat       |      |
"""
SCANS = """
    | kind | device_id       | code    | code_channel | declared_state |
    | scan | adopted book    | MATHS1  | org-nat      | Gujarat        |
    | scan | not adopted one | SCIENC  | org-nat      | Gujarat        |
    | scan | one book of two | SHARED  | press        | Gujarat        |
    | scan | no book at all  | SHAREDX | press        | Gujarat        |
    | scan | no tenant       | NOBODYS | lost-org     | Gujarat        |
    | scan | unknown code    | UNKNOWN |              | Gujarat        |
    | scan | several codes   |         |              | Gujarat        |
"""


def test_scan_is_the_adopting_states_else_the_owners_of_its_code_by_every_precedence(spark):
    unmapped = ("unmapped", "", "")
    drawn = plays(spark, SCANS)

    # No user makes a scan: even where the profile must agree, the device alone is asked.
    assert credits_of(drawn, precedence="strict", by="code") == {
        "MATHS1": to("gujarat", "A"),
        "SCIENC": to("national"),
        # One of its books is adopted: the scan is the state's, and nobody else's.
        "SHARED": to("gujarat", "A"),
        "SHAREDX": to("press"),
        "NOBODYS": unmapped,
        "UNKNOWN": unmapped,
        "": unmapped,
    }


def test_setting_says_which_place_decides_where_device_and_profile_differ(spark):
    drawn = plays(spark, CONFLICTS)

    found = {
        precedence: credits_of(drawn, precedence=precedence)
        for precedence in ("device", "profile", "strict")
    }

    publisher = to("national")
    assert found["device"] == {
        "agree": to("gujarat", "A"),
        "differ": to("delhi", "AC"),
        "out of state": to("national", "C"),
        "no profile": to("gujarat", "A"),
        "no device": to("national", "U"),
        "neither": to("national", "U"),
        "not adopted": publisher,
    }
    assert found["profile"] == {
        "agree": to("gujarat", "A"),
        "differ": to("gujarat", "AC"),
        "out of state": to("gujarat", "AC"),
        "no profile": to("gujarat", "A"),
        "no device": to("gujarat", "A"),
        "neither": to("national", "U"),
        "not adopted": publisher,
    }
    assert found["strict"] == {
        "agree": to("gujarat", "A"),
        "differ": to("national", "C"),
        "out of state": to("national", "C"),
        "no profile": to("national", "U"),
        "no device": to("national", "U"),
        "neither": to("national", "U"),
        "not adopted": publisher,
    }


def test_board_without_a_territory_is_credited_by_the_board_that_users_declare(spark):
    drawn = plays(
        spark,
        """
        | device_id         | user_id | collection_id | declared_state | kind |
        | of the board      | asha    | hindi         | Kerala         |      |
        | over the state    | asha    | hindi         | Gujarat        |      |
        | board of a state  | ravi    | hindi         | Gujarat        |      |
        | board elsewhere   | ravi    | hindi         | Kerala         |      |
        | declares none     | zoya    | hindi         | Gujarat        |      |
        | nobody signed in  |         | hindi         | Kerala         |      |
        """,
    )
    boards = spark.createDataFrame(
        [("asha", "CBSE"), ("ravi", "KU"), ("zoya", None)], "user_id string, board string"
    )

    assert credits_of(drawn, boards=boards) == {
        "of the board": to("cbse", "A"),
        "over the state": to("cbse", "A"),
        "board of a state": to("kutch", "A"),
        "board elsewhere": to("national"),
        "declares none": to("gujarat", "AT"),
        "nobody signed in": to("national"),
    }


def test_states_are_known_by_their_old_names_and_codes_too():
    known = spellings()

    assert len({code for code, _, _ in STATES}) == 36
    told = {
        "Andaman & Nicobar": "IN-AN",
        "Andaman and Nicobar Islands": "IN-AN",
        "ORISSA": "IN-OD",
        "IN-OR": "IN-OD",
        "Dadra & Nagar Haveli": "IN-DH",
        "Daman and Diu": "IN-DH",
        "Telangana": "IN-TS",
        "Ladakh": "IN-LA",
        "jammu & kashmir": "IN-JK",
        "Pondicherry": "IN-PY",
        " Tamil  Nadu ": "IN-TN",
        "KA": "IN-KA",
    }
    assert {written: known.get(squeezed(written)) for written in told} == told
    assert known.get(squeezed("Dubai")) is None
