"""Whole runs: from the lines that arrived to the tables and the files."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from jobs.contracts.download_ratios import (
    CERTIFICATE_DOWNLOAD_RATIO_DAILY,
    REPORT_DOWNLOAD_RATIO_DAILY,
)
from jobs.contracts.usage_metrics import USAGE_TABLES
from jobs.errors import RequestError
from tests.jobs.usage.usage_platform import (
    adopt,
    clicked,
    download,
    noon,
    play,
    reported,
    scan,
    session,
    write_courses,
    write_platform,
    write_telemetry,
)

DAY = date(2026, 11, 18)
NIGHT = datetime(2026, 11, 18, 20, 30, tzinfo=UTC)
EVENTS = [
    play("p1", noon(DAY)),
    play("p1", noon(DAY)),
    play("p2", noon(DAY), device="d2", state="Kerala", seconds=0.0),
    play("p3", noon(DAY), platform="portal", seconds=1234.5),
    play("p4", noon(DAY), book=None, content="c9", device=None, state=None),
    # 01:00 in India is still the day before in UTC.
    play("p5", datetime(2026, 11, 17, 19, 30, tzinfo=UTC), device="d5", state=None),
    scan("s1", noon(DAY)),
    scan("s2", noon(DAY), codes=["MATHS1"], size=0, state="Kerala"),
    scan("s3", noon(DAY), codes=["A", "B"], channel=None),
    scan("s4", noon(DAY), codes=[""]),
    download("l1", noon(DAY)),
    session("n1", noon(DAY)),
]

TABLES = USAGE_TABLES | {
    contract.name: contract
    for contract in (CERTIFICATE_DOWNLOAD_RATIO_DAILY, REPORT_DOWNLOAD_RATIO_DAILY)
}
MADE_OF_EVENTS = ("operations.event_day", "operations.event_day_use")
WHOLE = """
SELECT owner_scope, owner_channel, scan_count, failed_scan_count, download_count, play_count,
    play_device_count, adopted_credit_count, session_count
FROM metrics.usage_daily WHERE day = %s AND platform = 'all' ORDER BY 1, 2
"""


def everything(ask):
    """All that is told, but whether it can still change."""
    columns = {
        name: ", ".join(f for f in contract.columns if f != "is_final")
        for name, contract in TABLES.items()
    }
    return {
        name: ask(f"SELECT {told} FROM metrics.{name} ORDER BY 1, 2, 3, 4, 5, 6")  # noqa: S608
        for name, told in columns.items()
    }


def test_day_is_counted_published_and_exported(usage_run, publish_rows, store, ask, objects):
    write_platform(usage_run.settings, publish_rows)
    with store.transaction() as connection:
        adopt(connection)
    write_telemetry(usage_run.settings, DAY, EVENTS)

    run = usage_run(DAY, now=NIGHT)

    assert DAY in run.days
    assert ask(WHOLE, DAY) == [
        ("ambiguous", "", 0, 0, 0, 0, 0, 0, 0),
        ("overall", "", 3, 1, 1, 5, 3, 4, 1),
        ("tenant", "gj", 1, 0, 1, 2, 1, 4, 0),
        ("tenant", "nat", 1, 1, 0, 2, 2, 0, 1),
        ("unattributed", "", 0, 0, 0, 1, 0, 0, 0),
        ("unmapped", "", 1, 0, 0, 0, 0, 0, 0),
    ]
    assert ask("SELECT code, scan_count FROM metrics.scans_by_code_daily ORDER BY 1, 2") == [
        ("", 1),
        ("MATHS1", 1),
        ("MATHS1", 1),
    ]
    text = objects.read("portal_dashboards/overall/daily_metrics.csv").decode()
    assert text.splitlines()[-1].startswith("18-11-2026,3,2,1,1,33.33,33.33,1,0,1,1,0.17,")
    for name in ("gj", "nat"):
        assert objects.exists(f"portal_dashboards/{name}/daily_metrics.json")
    verdicts = ask("SELECT verdict, count(*) FROM operations.gate_verdict GROUP BY 1")
    assert {verdict for verdict, _ in verdicts} == {"passed"}


@pytest.mark.full
def test_rerun_and_the_same_lines_in_another_file_a_day_later_change_nothing(
    usage_run, publish_rows, store, ask
):
    write_platform(usage_run.settings, publish_rows)
    with store.transaction() as connection:
        adopt(connection)
    write_telemetry(usage_run.settings, DAY, EVENTS)
    usage_run(DAY, now=NIGHT, ratios=True)
    before = everything(ask)

    write_telemetry(usage_run.settings, DAY + timedelta(days=1), EVENTS, name="again")
    usage_run(DAY, now=NIGHT + timedelta(days=1), ratios=True)

    assert everything(ask) == before


def drawn_day(chance, day):
    """A day's lines: some of them late, some sent twice."""
    events = []
    for number in range(chance.randrange(1, 12)):
        make = chance.choice([play, play, scan, download, session, clicked, reported])
        at = noon(day, minutes=chance.randrange(-300, 600))
        events.append(make(f"{day}-{number}", at, device=f"d{chance.randrange(4)}"))
    return events + chance.sample(events, len(events) // 3)


@pytest.mark.parametrize(
    ("day_count", "ratios"),
    [
        pytest.param(2, False, id="few"),
        pytest.param(4, True, marks=pytest.mark.full, id="few with ratios"),
        # Each of thirty runs tells the ratios of the days after its own anew.
        pytest.param(30, True, marks=[pytest.mark.full, pytest.mark.timeout(1800)], id="month"),
    ],
)
def test_days_counted_in_any_order_give_the_same_tables(
    usage_run, publish_rows, store, ask, day_count, ratios
):
    chance = random.Random(day_count)
    now = NIGHT + timedelta(days=1)
    days = [DAY - timedelta(days=n) for n in range(day_count)]
    write_platform(usage_run.settings, publish_rows)
    if ratios:
        write_courses(publish_rows, days)
    with store.transaction() as connection:
        adopt(connection, valid_from=noon(days[day_count // 2]))
    for day in days:
        events = drawn_day(chance, day)
        late = [event for event in events if chance.random() < 0.2]
        write_telemetry(usage_run.settings, day, events)
        write_telemetry(usage_run.settings, min(DAY, day + timedelta(days=2)), late, name=f"{day}")
    usage_run(days[-1], days[0], with_earlier=False, now=now, ratios=ratios)
    at_once = everything(ask)

    chance.shuffle(days)
    with store.transaction() as connection:
        # As if nothing had been made of these days, in whatever order, before.
        for name in (*(f"metrics.{table}" for table in TABLES), *MADE_OF_EVENTS):
            connection.execute(f"TRUNCATE {name}")
    for day in days:
        usage_run(day, with_earlier=False, now=now, ratios=ratios)

    assert everything(ask) == at_once
    counted = TABLES.keys() - USAGE_TABLES.keys() if ratios else ()
    for name in ("usage_daily", *counted):
        assert len({row[0] for row in at_once[name]}) == day_count


def test_day_that_is_not_over_is_refused(usage_run):
    with pytest.raises(RequestError, match="2026-11-19 is not"):
        usage_run(DAY + timedelta(days=1), now=NIGHT)


@pytest.mark.full
def test_day_made_again_is_credited_by_the_textbooks_and_adoptions_of_its_own_day(
    usage_run, publish_rows, store, ask
):
    write_platform(usage_run.settings, publish_rows)
    write_telemetry(usage_run.settings, DAY, EVENTS)
    usage_run(DAY, now=NIGHT)
    before = everything(ask)
    # Since then the textbook went to another publisher, and a state adopted it.
    later = NIGHT + timedelta(days=3)
    changed = [{"textbook_id": "maths", "version_id": "maths", "status": "Live", "channel": "gj"}]
    write_platform(usage_run.settings, publish_rows, books=changed, data_as_of=later)
    with store.transaction() as connection:
        adopt(connection, valid_from=later)
    write_telemetry(usage_run.settings, DAY + timedelta(days=3), [play("new", noon(DAY, days=3))])

    usage_run(DAY + timedelta(days=3), now=later)
    usage_run(DAY, with_earlier=False, now=later)

    of_day = "SELECT owner_channel, play_count FROM metrics.usage_daily WHERE day = %s"
    newest = dict(
        ask(f"{of_day} AND platform = 'all' AND owner_scope = 'tenant'", DAY + timedelta(3))
    )
    assert newest == {"nat": 0, "gj": 1}
    assert [row for row in everything(ask)["usage_daily"] if row[0] == DAY] == [
        row for row in before["usage_daily"] if row[0] == DAY
    ]
