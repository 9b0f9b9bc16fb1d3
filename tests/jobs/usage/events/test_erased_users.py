"""Users who were erased: their events count as before, and name nobody wherever they came from."""

from datetime import timedelta

from jobs.samples.telemetry_events import certificate_click, play
from jobs.storage import event_people
from jobs.storage.erasures import note_erased
from jobs.storage.event_files import EventFiles
from tests.jobs.usage.events.telemetry_platform import DAY, NOON, NOW, told

GONE, STAYS = "u-gone", "u-stays"


def some_events(prefix, at=NOON):
    return [
        *(play("do_1", "book", user=user, **told(f"{prefix} play {user}", at))
          for user in (GONE, STAYS)),
        certificate_click(GONE, "do_c", product="portal", **told(f"{prefix} click", at)),
    ]  # fmt: skip


def erase(platform):
    with platform.store.transaction() as connection:
        note_erased(connection, GONE, now=NOW, recorded_by="dpo")
    return event_people.take_out(EventFiles(platform.settings.clean_lake), GONE)


def users(platform, **days):
    return {mid: (row.user_id, row.object_id) for mid, row in platform.events(**days).items()}


def test_events_count_as_before_and_later_ones_name_nobody(platform):
    platform.write(DAY, *some_events("first"))
    platform.run()
    assert users(platform)["first click"] == (GONE, GONE)
    before = platform.day()

    # The landed click and what was made of it, twice each by user and object.
    assert erase(platform) == 3
    assert users(platform) == {
        f"first play {GONE}": (None, "do_1"),
        f"first play {STAYS}": (STAYS, "do_1"),
        "first click": (None, None),
    }

    # A phone sends the same again, and something new, the day after.
    tomorrow = NOON + timedelta(days=1)
    platform.write(
        DAY + timedelta(days=1),
        *(event | {"syncts": event["syncts"] + 86_400_000} for event in some_events("first")),
        *some_events("second", tomorrow),
    )
    platform.run(last_day=DAY + timedelta(days=1), now=NOW + timedelta(days=1))
    after = platform.day()
    assert (after.counted, after.duplicate_count) == (before.counted, 3)
    both = users(platform, last_day=DAY + timedelta(days=1))
    assert {user for user, _ in both.values()} == {None, STAYS}
    assert len(both) == 6
    assert event_people.files_naming(EventFiles(platform.settings.clean_lake), GONE) == {}
