"""Tenants, textbooks and adoptions that the tests of attribution share, drawn small."""

from jobs.contracts.adoptions import TEXTBOOK_ADOPTION
from jobs.contracts.usage_credits import USAGE_TENANTS, USAGE_TEXTBOOK_KEYS
from jobs.contracts.usage_events import EVENTS
from jobs.usage.attribution import credited_events
from tests.tables import table_of

TENANTS = """
    | channel  | org_id  | slug | name            |
    | national | org-nat | nat  | National Press  |
    | press    | org-prs | prs  | Private Press   |
    | gujarat  | org-gj  | gj   | Gujarat         |
    | delhi    | org-dl  | dl   | Delhi           |
    | kutch    | org-ku  | ku   | A second board  |
    | cbse     | org-cb  | cbse | CBSE            |
"""
# maths is adopted by two states, science by nobody, hindi by two boards of one state and by CBSE;
# sums changed hands in the middle of its first month; the last were live once and are not now.
TEXTBOOK_KEYS = """
    | key_kind | key        | live_textbook_ids     | publisher_channel | is_ambiguous |
    | book     | maths      | ["maths"]             | national          | false        |
    | book     | maths-copy | ["maths"]             | national          | false        |
    | book     | science    | ["science"]           | national          | false        |
    | book     | hindi      | ["hindi"]             | national          | false        |
    | book     | sums       | ["sums"]              | national          | false        |
    | book     | retired    | []                    | national          | false        |
    | book     | stray      | ["stray"]             | nobody            | false        |
    | content  | only       | ["maths"]             | national          | false        |
    | content  | both       | ["maths", "science"]  | national          | false        |
    | content  | rivals     | ["maths", "other"]    |                   | true         |
    | code     | MATHS1     | ["maths"]             | national          | false        |
    | code     | SHARED     | ["maths", "other"]    |                   | true         |
    | code     | SCIENC     | ["science"]           | national          | false        |
"""
ADOPTIONS = """
    | textbook_id | board | adopting_channel | state     | state_code | valid_from          | valid_to            |
    | maths       | GJ    | gujarat          | Gujarat   | IN-GJ      | 2026-11-10 00:00:00 |                     |
    | maths       | DL    | org-dl           | NCT of Delhi |         | 2026-11-10 00:00:00 |                     |
    | hindi       | GJ    | gujarat          | Gujarat   | IN-GJ      | 2026-11-01 00:00:00 |                     |
    | hindi       | KU    | kutch            | Gujarat   | IN-GJ      | 2026-11-01 00:00:00 |                     |
    | hindi       | CBSE  | cbse             |           |            | 2026-11-01 00:00:00 |                     |
    | sums        | GJ    | gujarat          | Gujarat   | IN-GJ      | 2026-11-10 00:00:00 | 2026-11-12 00:00:00 |
    | sums        | GJ    | gujarat          | Gujarat   | IN-GJ      | 2026-11-12 00:00:00 | 2026-11-15 00:00:00 |
    | retired     | GJ    | gujarat          | Gujarat   | IN-GJ      | 2026-11-01 00:00:00 |                     |
"""
ANY_TIME = "2026-11-11 06:30:00"

events = table_of(EVENTS)


def world():
    """(textbook keys, tenants, adoptions) as frames."""
    return (
        table_of(USAGE_TEXTBOOK_KEYS)(TEXTBOOK_KEYS),
        table_of(USAGE_TENANTS)(TENANTS),
        table_of(TEXTBOOK_ADOPTION)(ADOPTIONS),
    )


def credits_of(drawn, *, precedence="device", boards=None, by="device_id"):
    """Case to (scope, channel, adopted, unknown, conflict, tied): the case is the device's id."""
    rows = credited_events(drawn, *world(), precedence=precedence, boards=boards).collect()
    return {
        row[by]: (
            row.owner_scope,
            row.owner_channel,
            "".join(
                letter
                for letter, is_so in zip(
                    "AUCT",
                    (
                        row.is_adopted_credit,
                        row.is_location_unknown,
                        row.is_location_conflict,
                        row.is_tied,
                    ),
                    strict=True,
                )
                if is_so
            ),
        )
        for row in rows
    }


def to(channel, flags=""):
    """A credit to a tenant; flags: Adopted, Unknown place, Conflict of places, Tied."""
    return ("tenant", channel, flags)
