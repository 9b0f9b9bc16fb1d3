"""Event days from landing to readers: counted once, whatever the files and the order of runs."""

import gzip
from datetime import timedelta

import pytest

from jobs.errors import GateError, UnavailableError
from jobs.samples.telemetry_events import (
    certificate_click,
    content_download,
    impression,
    play,
    scan,
)
from jobs.storage.event_days import days_behind, mark_used, read_late_events
from tests.jobs.usage.events.telemetry_platform import DAY, NOON, NOW, Platform, told


def click(mid, at=NOON, **more):
    return certificate_click("u1", "do_course", **told(mid, at, **more))


def adds_up(platform):
    return all(
        one.in_count == one.not_ours_count + one.rejected_count + one.late_count + one.landed_count
        for one in platform.arrivals()
    )


def test_day_is_counted_once_and_every_row_has_its_account(platform):
    later = NOON + timedelta(days=2)
    again = play("do_1", "book", **told("again"))
    platform.write(
        DAY,
        again,
        again,
        play("do_1", "book", seconds=10.0, **told("same id")),
        play("do_1", "book", seconds=20.0, **told("same id")),
        scan("C1", owner="nat", size=1, **told("scan")),
        click("first"),
        click("second", NOON + timedelta(seconds=1)),
        click("third", NOON + timedelta(seconds=3.5)),
        click("other device", NOON + timedelta(seconds=1), device="d2"),
        click("late", NOON - timedelta(days=9), arrived=NOON),
        impression(**told("view")),
        *[impression(**told(f"view {n}")) for n in range(200)],
        '{"torn',
    )
    platform.write(
        DAY + timedelta(days=2),
        again | {"syncts": again["syncts"] + 172_800_000},
        content_download("do_1", **told("came later", NOON, arrived=later)),
    )
    run = platform.run(now=NOW + timedelta(days=2))

    assert DAY in run.changed
    assert set(platform.events()) == {
        "again", "same id", "scan", "first", "third", "other device", "came later",
    }  # fmt: skip
    day = platform.day()
    assert (day.in_count, day.counted_count) == (11, 7)
    assert (day.duplicate_count, day.collision_count, day.double_click_count) == (2, 1, 1)
    first, second = platform.arrivals()
    assert (first.in_count, first.not_ours_count, first.late_count) == (212, 201, 1)
    assert first.rejected == {"malformed": 1}
    assert (second.in_count, second.landed) == (
        2,
        {"2026-11-20": {"content_download": 1, "play": 1}},
    )
    assert adds_up(platform)


def test_rerun_changes_nothing_and_a_late_file_makes_only_its_day_anew(platform):
    platform.write(DAY - timedelta(days=1), click("yesterday", NOON - timedelta(days=1)))
    platform.write(DAY, click("one"))
    platform.run()
    before = platform.day()
    with platform.store.transaction() as connection:
        for one in days_behind(connection, "test"):
            mark_used(connection, "test", one.day, one.version_id)

    run = platform.run(now=NOW + timedelta(hours=1))
    assert (run.changed, run.landed) == ([], [])
    assert platform.day() == before

    later = NOON + timedelta(hours=22)
    platform.write(DAY + timedelta(days=1), click("two", NOON + timedelta(hours=1), arrived=later))
    run = platform.run(now=NOW + timedelta(hours=7))
    assert run.changed == [DAY]
    assert set(platform.events(kinds=["certificate_click"])) == {"one", "two"}
    with platform.store.transaction() as connection:
        assert [one.day for one in days_behind(connection, "test")] == [DAY]


@pytest.mark.full
def test_file_added_to_a_folder_is_taken_and_an_arrival_to_come_is_not(platform):
    platform.write(DAY, click("one"))
    platform.write(DAY + timedelta(days=3), click("tomorrow", NOON + timedelta(hours=2)))
    platform.run()
    assert set(platform.events()) == {"one"}

    platform.write(DAY, click("two", NOON + timedelta(hours=1)), name="part-1.jsonl")
    assert platform.run().changed == [DAY]
    assert set(platform.events()) == {"one", "two"}


def test_late_events_are_kept_for_figures_to_date_each_once(platform):
    old = NOON - timedelta(days=20)
    platform.write(old.date(), click("known", old))
    late = [click(mid, old + timedelta(minutes=n), arrived=NOON) for n, mid in enumerate("ab")]
    platform.write(DAY, *late, late[0], click("known", old, arrived=NOON))
    platform.run(first_day=old.date(), last_day=old.date())
    platform.run()

    found = read_late_events(
        platform.spark, platform.settings, platform.store, DAY, ["certificate_click"]
    )
    assert sorted(row.event_id for row in found.collect()) == ["a", "b"]
    assert platform.day(old.date()).late_count == 4
    assert set(platform.events(old.date(), old.date())) == {"known"}
    before = read_late_events(
        platform.spark, platform.settings, platform.store, DAY - timedelta(days=1), ["play"]
    )
    assert before.count() == 0


@pytest.mark.full
def test_day_is_final_when_no_folder_can_add_to_it(platform):
    platform.write(DAY, click("one"))
    platform.run()
    assert not platform.day().is_final
    run = platform.run(first_day=DAY, now=NOW + timedelta(days=8))
    assert run.changed == [DAY]
    assert platform.day().is_final


def test_folder_of_torn_lines_is_not_taken_and_the_day_stays(platform):
    platform.write(DAY, click("one"))
    platform.run()
    platform.write(DAY, *['{"torn'] * 50, name="part-1.jsonl")
    with pytest.raises(GateError, match="torn lines are at most 1 percent"):
        platform.run()
    assert set(platform.events()) == {"one"}


@pytest.mark.full
def test_double_clicks_count_each_when_the_setting_says_so(spark, store, tmp_path):
    platform = Platform(spark, store, tmp_path, double_click_seconds=0)
    platform.write(DAY, click("one"), click("two", NOON + timedelta(seconds=1)))
    platform.run()
    assert set(platform.events()) == {"one", "two"}


@pytest.mark.full
def test_double_click_over_midnight_counts_once(platform):
    before = NOON.replace(hour=18, minute=29, second=59)
    platform.write(DAY, click("one", before), click("two", before + timedelta(seconds=2)))
    platform.run(last_day=DAY + timedelta(days=1))
    assert set(platform.events(DAY, DAY + timedelta(days=1))) == {"one"}
    assert platform.day(DAY + timedelta(days=1)).double_click_count == 1


def test_file_of_an_unknown_ending_is_refused(platform):
    (platform.write(DAY, click("one")).parent / "notes.txt").write_text("x")
    with pytest.raises(UnavailableError, match=r"notes\.txt"):
        platform.run()


@pytest.mark.full
def test_packed_lines_and_plain_ones_in_inner_folders_are_the_same(platform):
    file = platform.write(DAY, click("one"))
    packed = gzip.compress(file.read_bytes())
    file.unlink()
    inner = file.parent / "hour=01"
    inner.mkdir()
    (inner / "part-0.json.gz").write_bytes(packed)
    platform.run()
    assert set(platform.events()) == {"one"}
