"""A partition is exchanged whole or not at all, and readers never see anything between."""

import threading
from datetime import UTC, date, datetime

import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jobs.contracts.contract import Contract, Field
from jobs.contracts.types import DATE, DOUBLE, INTEGER, TEXT
from jobs.errors import GateError
from jobs.quality.metrics.job import publish_partitions
from jobs.storage.metrics import Partition

VISITS = Contract(
    name="visits_daily",
    grain="one row per day and place",
    key=("day", "place"),
    fields=(
        Field("day", DATE, "the day", required=True),
        Field("place", TEXT, "the place", required=True),
        Field("kind", TEXT, "what kind", one_of=("new", "old")),
        Field("version", INTEGER, "the publish that wrote it", at_least=0, at_most=10_000),
        Field("share_ratio", DOUBLE, "the share", at_most=1),
    ),
)
DAY, NOW = date(2026, 11, 20), datetime(2026, 11, 21, 1, tzinfo=UTC)
MADE = """
CREATE TABLE metrics.visits_daily (
    day date NOT NULL, place text NOT NULL, kind text, version integer,
    share_ratio double precision, PRIMARY KEY (day, place))
"""


@pytest.fixture
def visits(store):
    with store.transaction() as connection:
        connection.execute(MADE)
        connection.execute("GRANT SELECT ON metrics.visits_daily TO analyst")
    return store


def rows(*drawn):
    columns = zip(*drawn, strict=True) if drawn else [[]] * len(VISITS.columns)
    arrays = dict(zip(VISITS.columns, map(list, columns), strict=True))
    return pa.table(arrays, schema=VISITS.arrow_schema())


def of_day(staged, day=DAY):
    return Partition(VISITS, staged, NOW, {"day": day})


def published(ask):
    return ask("SELECT day, place, version FROM metrics.visits_daily ORDER BY day, place")


def test_partition_takes_the_place_of_its_own_rows_only(visits, ask, tmp_path):
    other = date(2026, 11, 19)
    publish_partitions(visits, [of_day(rows((other, "a", None, 1, None)), other)], now=NOW)
    publish_partitions(
        visits, [of_day(rows((DAY, "a", "new", 1, 0.5), (DAY, "b", None, 1, None)))], now=NOW
    )
    pq.write_table(rows((DAY, "", "old", 2, 1.0)), tmp_path / "part.parquet")

    counts = publish_partitions(visits, [of_day(tmp_path)], now=NOW)

    assert counts == {"visits_daily": 1}
    assert published(ask) == [(other, "a", 1), (DAY, "", 2)]
    assert ask(
        "SELECT row_count, data_as_of, published_at, last_partition, partition_count"
        " FROM metrics.table_freshness WHERE table_name = 'visits_daily'"
    ) == [(2, NOW, NOW, "day=2026-11-20", 2)]
    publish_partitions(visits, [Partition(VISITS, rows(), NOW)], now=NOW)
    assert published(ask) == []


@pytest.mark.parametrize(
    ("bad", "check"),
    [
        ([(DAY, "a", None, 1, None), (DAY, "a", None, 2, None)], "day, place is unique (1 of 2)"),
        ([(DAY, None, None, 1, None)], "place is not null (1 of 1)"),
        ([(DAY, "a", "odd", 1, None)], "kind is a known value (1 of 1)"),
        ([(DAY, "a", None, -1, None)], "version is at least 0 at most 10000 (1 of 1)"),
        ([(DAY, "a", None, 1, float("nan"))], "share_ratio is at most 1 (1 of 1)"),
        ([(date(2026, 1, 1), "a", None, 1, None)], "rows are of the partition (1 of 1)"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_rows_that_break_the_contract_change_nothing(visits, ask, bad, check):
    publish_partitions(visits, [of_day(rows((DAY, "kept", None, 1, None)))], now=NOW)
    other = date(2026, 11, 19)
    good = of_day(rows((other, "good", None, 1, None)), other)

    with pytest.raises(GateError) as error:
        publish_partitions(visits, [good, of_day(rows(*bad))], now=NOW)

    assert check in str(error.value)
    assert published(ask) == [(DAY, "kept", 1)]
    told = ask("SELECT check_name FROM operations.gate_verdict WHERE verdict = 'failed'")
    assert [check.startswith(name) for (name,) in told] == [True]


def test_what_is_written_also_goes_with_the_rows(visits, ask):
    def also(connection):
        connection.execute("UPDATE metrics.visits_daily SET kind = 'old'")
        raise RuntimeError("the end")

    with pytest.raises(RuntimeError):
        publish_partitions(visits, [of_day(rows((DAY, "a", "new", 1, None)))], now=NOW, also=also)

    assert published(ask) == []
    assert ask("SELECT count(*) FROM operations.metric_partition") == [(0,)]


@pytest.mark.parametrize(
    "publishes", [60, pytest.param(1_000, marks=pytest.mark.full)], ids=["some", "thousand"]
)
def test_readers_at_both_isolation_levels_never_see_an_empty_or_a_mixed_table(visits, publishes):
    places = [f"p{number:03}" for number in range(50)]

    def version(number):
        return of_day(rows(*((DAY, place, None, number, None) for place in places)))

    publish_partitions(visits, [version(0)], now=NOW)
    done, wrong, reads = threading.Event(), [], {}
    readers = [
        threading.Thread(target=read, args=(visits, level, done, wrong, reads))
        for level in ("READ COMMITTED", "REPEATABLE READ")
    ]
    for reader in readers:
        reader.start()
    for number in range(1, publishes + 1):
        publish_partitions(visits, [version(number)], now=NOW)
    done.set()
    for reader in readers:
        reader.join()

    assert wrong == []
    assert len(reads) == 2
    assert min(reads.values()) > 10


def read(store, level, done, wrong, reads):
    """Read as an analyst, over and over: a table is one publish's 50 rows, whole."""
    asked = "SELECT count(*), count(DISTINCT version), min(version) FROM metrics.visits_daily"
    seen = 0
    with psycopg.connect(store.analyst_url, autocommit=True) as connection:
        while not done.is_set():
            connection.execute(f"BEGIN ISOLATION LEVEL {level} READ ONLY")
            first, second = (connection.execute(asked).fetchone() for _ in range(2))
            connection.execute("COMMIT")
            seen += 1
            if first[:2] != (50, 1) or second[:2] != (50, 1) or second[2] < first[2]:
                wrong.append((level, first, second))
            if level == "REPEATABLE READ" and first != second:
                wrong.append((level, first, second))
    reads[level] = seen
