"""Events of an erased learner stay, and are nobody's."""

import pyarrow.parquet as pq
import pytest

from jobs.errors import UnavailableError
from jobs.storage import event_accounts
from jobs.storage.event_files import EventFiles
from tests.jobs.exhausts.small_platform import NOW
from tests.jobs.privacy.landed import click, land, read

PLACES = ("2026-03-01/v1/2026-03-01/play", "2026-03-02/v2/late/certificate_click")


def events_named(people, *, dry_run=False):
    [place] = [one for one in people.erase(dry_run=dry_run).before if one.place == "usage events"]
    return place.found


def test_rows_stay_where_they_were_and_name_the_learner_no_more(people):
    plays = land(people.settings, PLACES[0], """
        | row_id | user_id | device_id | event_at            | seconds |
        | 1      | u1      | d1        | 2026-03-01T06:00:00 | 60.5    |
        | 2      | u2      | d1        | 2026-03-01T06:00:01 | 1       |
        | 3      |         | d2        |                     | 2       |
    """)  # fmt: skip
    assert events_named(people) == 1
    assert read(plays, "row_id", "user_id", "device_id", "seconds") == [
        (1, None, "d1", 60.5),
        (2, "u2", "d1", 1.0),
        (3, None, "d2", 2.0),
    ]
    assert people.found()["usage events"] == 0


def test_a_click_names_its_user_as_its_object_too(people):
    late = land(people.settings, PLACES[1], """
        | row_id | user_id | object_id | object_type | certificate_id |
        | 1      | u1      | u1        | User        | c1             |
        | 2      | u2      | do_1      | Certificate | c2             |
    """)  # fmt: skip
    made = click(people.settings, "r1", "certificate_click", """
        | row_id | user_id | object_id |
        | 1      |         | u1        |
    """)  # fmt: skip
    assert events_named(people) == 2
    assert read(late, "user_id", "object_id", "certificate_id") == [
        (None, None, "c1"),
        ("u2", "do_1", "c2"),
    ]
    assert read(made, "user_id", "object_id") == [(None, None)]


def test_files_of_others_are_not_written_anew(people):
    others = land(people.settings, PLACES[0], "| user_id |\n| u2 |")
    before = others.stat().st_ino
    people.erase()
    assert others.stat().st_ino == before


def test_checksum_of_the_rows_before_goes_with_them(people):
    plays = land(people.settings, PLACES[0], "| user_id |\n| u1 |")
    people.erase()
    assert [path.name for path in plays.parent.iterdir()] == [plays.name]


def test_instants_are_as_spark_wrote_them(people):
    plays = land(people.settings, PLACES[0], """
        | user_id | event_at            |
        | u1      | 2026-03-01T06:00:00 |
    """)  # fmt: skip
    before = pq.read_schema(plays)
    people.erase()
    assert pq.read_schema(plays) == before


def test_a_dry_run_counts_them_and_changes_none(people):
    plays = land(people.settings, PLACES[0], "| user_id |\n| u1 |\n| u1 |")
    assert events_named(people, dry_run=True) == 2
    assert read(plays, "user_id") == [("u1",), ("u1",)]


def test_half_made_files_of_a_killed_run_go(people):
    plays = land(people.settings, PLACES[0], "| user_id |\n| u2 |")
    version = plays.parents[2]
    half = version / "_temporary" / "0" / "part-9.parquet"
    half.parent.mkdir(parents=True)
    half.write_bytes(b"u1, and no whole file")
    aside = plays.with_name(f".{plays.name}.unnamed")
    aside.write_bytes(b"an erasure that was killed")
    people.erase()
    assert (half.exists(), aside.exists()) == (False, False)
    assert read(plays, "user_id") == [("u2",)]


def test_while_a_run_makes_events_all_else_is_erased_and_the_next_try_does_the_rest(people):
    plays = land(people.settings, PLACES[0], "| user_id |\n| u1 |")
    with people.store.transaction() as running:
        assert event_accounts.lock(running)
        with pytest.raises(UnavailableError, match="once `usage_metrics` has ended"):
            people.erase()
    assert {place: n for place, n in people.found().items() if n} == {"usage events": 1}
    assert people.audited("learner_erased") == []
    people.erase()
    assert read(plays, "user_id") == [(None,)]
    assert len(people.audited("learner_erased")) == 1


def test_a_lake_without_events_has_none(people):
    assert not EventFiles(people.settings.clean_lake).landed.exists()
    assert people.erase(now=NOW).left == 0
