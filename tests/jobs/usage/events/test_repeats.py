"""Of the rows of one `mid` the first to arrive counts, and of double clicks the first."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyspark.sql import SparkSession

from jobs.contracts.landed_events import COLLISION, DUPLICATE
from jobs.contracts.usage_events import EVENTS
from jobs.usage.events.repeats import double_clicks, repeated, repeats
from tests.tables import table_of

DAY = date(2026, 11, 20)
BACK_DAYS = 9
SCHEMA = (
    "row_id long, event_hash long, payload_hash long, row_hash long, event_id string,"
    " arrived_at timestamp, arrival date, part string, day date, kind string"
)
# The `mid`, the payload, days and minutes of the arrival, and the event's day.
ROW = st.tuples(
    st.sampled_from("abcdef"),
    st.integers(1, 2),
    st.integers(-12, 7),
    st.integers(0, 2),
    st.sampled_from([DAY, DAY + timedelta(days=1)]),
)


def row_of(number, drawn):
    mid, payload, days, minutes, day = drawn
    arrival = DAY + timedelta(days=days)
    arrived_at = datetime(arrival.year, arrival.month, arrival.day, 6, minutes, tzinfo=UTC)
    # Two different ids that fall on one hash must not be taken for one.
    clash = {"a": 1, "b": 1}.get(mid, ord(mid))
    return (
        number, clash, payload, payload * 1000 + number, mid, arrived_at, arrival,
        day.isoformat(), day, "play",
    )  # fmt: skip


def expected(rows):
    """Who came before whom, one by one."""
    found = {}
    for row in rows:
        earlier = [
            one
            for one in rows
            if one[4] == row[4]
            and (one[6], one[5], one[3], one[0]) < (row[6], row[5], row[3], row[0])
            and (row[6] - one[6]).days <= BACK_DAYS
        ]
        if earlier:
            is_same = any(one[2] == row[2] for one in earlier)
            found[row[0]] = DUPLICATE if is_same else COLLISION
    return {number: reason for number, reason in found.items() if rows[number][8] == DAY}


@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ROW, min_size=20, max_size=40))
def test_row_is_dropped_when_one_of_its_id_came_before_within_the_window(spark, drawn):
    rows = [row_of(number, one) for number, one in enumerate(drawn)]
    frame = spark.createDataFrame(rows, SCHEMA)
    hashes = repeated(frame.select("event_hash"))
    dropped = repeats(frame, hashes, days=[DAY.isoformat()], back_days=BACK_DAYS)
    assert {row.row_id: row.reason for row in dropped.collect()} == expected(rows)


def doubles(drawing, seconds=2.0):
    clicks = table_of(EVENTS)(drawing)
    return {
        row.event_id for row in double_clicks(clicks, seconds=seconds).collect() if row.is_double
    }


CLICKS = """
    | event_id | kind              | event_at              | user_id | device_id | object_id |
    | first    | certificate_click | 2026-11-20T10:00:00   | asha    | d1        | do_1      |
    | second   | certificate_click | 2026-11-20T10:00:02   | asha    | d1        | do_1      |
    | third    | certificate_click | 2026-11-20T10:00:04   | asha    | d1        | do_1      |
    | later    | certificate_click | 2026-11-20T10:00:06.1 | asha    | d1        | do_1      |
    | other    | certificate_click | 2026-11-20T10:00:01   | asha    | d1        | do_2      |
    | report   | report_click      | 2026-11-20T10:00:01   | asha    | d1        | do_1      |
    | ravi     | certificate_click | 2026-11-20T10:00:01   | ravi    | d1        | do_1      |
    | nobody   | certificate_click | 2026-11-20T10:00:01   |         | d1        | do_1      |
    | nobody 2 | certificate_click | 2026-11-20T10:00:01.5 |         | d1        | do_1      |
    | unknown  | certificate_click | 2026-11-20T10:00:01   |         |           | do_1      |
    | unknown2 | certificate_click | 2026-11-20T10:00:01   |         |           | do_1      |
"""


def test_click_so_soon_after_another_of_the_same_is_double(spark):
    assert SparkSession.active() is spark
    assert doubles(CLICKS) == {"second", "third", "nobody 2"}


def test_no_click_is_double_when_the_setting_is_zero(spark):
    assert SparkSession.active() is spark
    assert doubles(CLICKS, seconds=0) == set()
