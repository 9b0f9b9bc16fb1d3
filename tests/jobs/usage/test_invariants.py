"""What must hold of any events and any adoptions, judged by an oracle that shares no code."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobs.contracts.adoptions import TEXTBOOK_ADOPTION
from jobs.contracts.usage_credits import USAGE_TENANTS, USAGE_TEXTBOOK_KEYS
from jobs.contracts.usage_events import EVENTS
from jobs.contracts.usage_metrics import USAGE_DAILY
from jobs.storage.metric_queries import run_metric
from jobs.usage.attribution import credited_events
from jobs.usage.states import state_names
from tests.tables import table_of

START = datetime(2026, 11, 20, tzinfo=UTC)
NAMES = {"Gujarat": "IN-GJ", "Delhi": "IN-DL", "Kerala": "IN-KL"}
ADOPTERS = {"gujarat": "IN-GJ", "delhi": "IN-DL"}
BOOKS = {"b1": "nat", "b2": "nat", "b3": "prs", "b4": "ghost"}
CONTENTS = {"c1": ("b1",), "c2": ("b1", "b2"), "c3": ("b2", "b3")}
CODES = {"K1": ("b1",), "K2": ("b2", "b3"), "K4": ("b4",)}
TENANTS = ("nat", "prs", "gujarat", "delhi")

PLACES = [*NAMES, None, "Nowhere"]


def drawn_events(chance, number):
    """As many events of all kinds, with everything that can be absent absent at times."""
    return [
        {
            "kind": chance.choice(["scan", "play", "play", "content_download", "session"]),
            "hour": chance.randrange(24),
            "platform": chance.choice(["app", "portal", "desktop", None]),
            "device_id": chance.choice(["d1", "d2", "d3", "d4", None]),
            "code": chance.choice([*CODES, "K9", None]),
            "code_channel": chance.choice(["nat", "prs", "ghost", None]),
            "is_successful": chance.random() < 0.5,
            "collection_id": chance.choice([*BOOKS, None, None, "course"]),
            "object_id": chance.choice([*CONTENTS, "c9", None]),
            "channel": chance.choice(["nat", "elsewhere", None]),
            "seconds": chance.uniform(0, 5000),
            "country_code": chance.choice(["IN", "IN", "AE", None]),
            "declared_state": chance.choice(PLACES),
            "address_state": chance.choice(PLACES),
            "profile_state": chance.choice(PLACES),
        }
        for _ in range(number)
    ]


def drawn_adoptions(chance, number):
    """(textbook, adopter, from hour, to hour); one that ends before it begins never held."""
    return [
        (
            chance.choice(["b1", "b2", "b3"]),
            chance.choice([*ADOPTERS]),
            chance.randrange(24),
            chance.randrange(24),
        )
        for _ in range(number)
    ]


def adopters(books, at, adopted):
    """Who adopted one of the books and holds it at the hour."""
    return {who for book, who, begin, end in adopted if book in books and begin <= at < end}


def place_of(event):
    if event["device_id"] is None:
        return None
    if event["declared_state"] in NAMES:
        return NAMES[event["declared_state"]]
    if event["country_code"] not in ("IN", None):
        return "abroad"
    return NAMES.get(event["address_state"])


def owner_of(event, adopted):
    """(scope, channel) by the decision table, and whether an adoption made it so."""
    if event["kind"] == "session":
        known = event["channel"] in TENANTS
        return ("tenant", event["channel"], False) if known else ("unmapped", "", False)
    is_scan = event["kind"] == "scan"
    if is_scan:
        books = CODES.get(event["code"], ())
    elif event["collection_id"] is not None:
        books = (event["collection_id"],) if event["collection_id"] in BOOKS else ()
    else:
        books = CONTENTS.get(event["object_id"], ())
    publishers = {BOOKS[book] for book in books}
    if not is_scan and not books:
        return ("unattributed", "", False)
    if not is_scan and len(publishers) > 1:
        return ("ambiguous", "", False)
    place = place_of(event)
    for who in adopters(books, event["hour"], adopted):
        if ADOPTERS[who] == place:
            return ("tenant", who, True)
    publisher = publishers.pop() if len(publishers) == 1 else None
    owner = (event["code_channel"] or publisher) if is_scan else publisher
    return ("tenant", owner, False) if owner in TENANTS else ("unmapped", "", False)


def frame_of(spark, drawn):
    rows = []
    for number, event in enumerate(drawn):
        at = START + timedelta(hours=event["hour"])
        told = event | {"day": date(2026, 11, 20), "event_id": str(number), "event_at": at}
        rows.append(tuple(told.get(name) for name in EVENTS.columns))
    return spark.createDataFrame(rows, EVENTS.spark_schema())


def dimensions(spark, adopted):
    keys = [("book", key, [key], (publisher,)) for key, publisher in BOOKS.items()]
    for kind, of_books in (("content", CONTENTS), ("code", CODES)):
        keys += [
            (kind, key, list(books), tuple({BOOKS[b] for b in books}))
            for key, books in of_books.items()
        ]
    versions = [
        {
            "textbook_id": book,
            "board": who,
            "adopting_channel": who,
            "state_code": ADOPTERS[who],
            "valid_from": START + timedelta(hours=begin),
            "valid_to": START + timedelta(hours=end),
        }
        for book, who, begin, end in adopted
        if begin < end
    ]
    return (
        spark.createDataFrame(
            [(k, key, b, p[0] if len(p) == 1 else None, len(p) > 1) for k, key, b, p in keys],
            USAGE_TEXTBOOK_KEYS.spark_schema(),
        ),
        table_of(USAGE_TENANTS)(
            "| channel | org_id | slug | name |\n"
            + "\n".join(f"| {name} | org-{name} | {name} | |" for name in TENANTS)
        ),
        spark.createDataFrame(
            [tuple(one.get(name) for name in TEXTBOOK_ADOPTION.columns) for one in versions],
            TEXTBOOK_ADOPTION.spark_schema(),
        ),
    )


def tables_of(spark, credited, tenants):
    days = spark.createDataFrame([(date(2026, 11, 20), False)], "day date, is_final boolean")
    views = {
        "credited_events": credited.persist(),
        "usage_tenants": tenants,
        "state_names": state_names(spark),
        "days": days,
    }
    usage = USAGE_DAILY.conform(run_metric(spark, "usage/usage_daily", views, {}))
    states = run_metric(spark, "usage/usage_daily_by_state", views, {})
    found = [row.asDict() for row in usage.collect()], {tuple(row) for row in states.collect()}
    credited.unpersist()
    return found


def judge_credits(spark, drawn, adopted):
    keys, tenants, versions = dimensions(spark, adopted)
    credited = credited_events(
        frame_of(spark, drawn), keys, tenants, versions, precedence="device"
    ).select("kind", "owner_scope", "owner_channel", "is_adopted_credit")

    promised = sorted((event["kind"], *owner_of(event, adopted)) for event in drawn)
    assert sorted(map(tuple, credited.collect())) == promised


def judge_tables(spark, drawn, adopted, chance):
    keys, tenants, versions = dimensions(spark, adopted)

    def tables(events):
        credited = credited_events(events, keys, tenants, versions, precedence="device")
        return tables_of(spark, credited, tenants)

    usage, states = tables(frame_of(spark, drawn))
    overall = next(r for r in usage if r["owner_scope"] == "overall" and r["platform"] == "all")
    kinds = Counter(event["kind"] for event in drawn)
    assert overall["scan_count"] == kinds["scan"]
    assert overall["play_count"] == kinds["play"]
    assert overall["session_count"] == kinds["session"]
    played = {e["device_id"] for e in drawn if e["kind"] == "play" and e["device_id"]}
    assert overall["play_device_count"] == len(played)
    owners = {
        (r["owner_scope"], r["owner_channel"]): r["scan_count"]
        for r in usage
        if r["owner_scope"] != "overall" and r["platform"] == "all"
    }
    assert sum(owners.values()) == kinds["scan"]
    assert overall["unmapped_scan_count"] == owners["unmapped", ""]

    shuffled = list(drawn)
    chance.shuffle(shuffled)
    cut = len(shuffled) // 3
    in_parts = frame_of(spark, shuffled[:cut]).unionByName(frame_of(spark, shuffled[cut:]))
    again, states_again = tables(in_parts.repartition(3))
    assert {tuple(row.values()) for row in again} == {tuple(row.values()) for row in usage}
    assert states_again == states


quiet = settings(
    max_examples=2,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@quiet
@given(st.integers(0, 2**32))
def test_each_event_has_one_owner_by_the_decision_table(spark, seed):
    chance = random.Random(seed)
    judge_credits(spark, drawn_events(chance, 300), drawn_adoptions(chance, 8))


@pytest.mark.full
def test_tables_are_the_same_of_events_in_any_order_and_any_parts(spark):
    chance = random.Random(7)
    judge_tables(spark, drawn_events(chance, 120), drawn_adoptions(chance, 6), chance)


@pytest.mark.full
@settings(quiet, max_examples=20)
@given(st.integers(0, 2**32), st.integers(0, 500), st.integers(0, 12))
def test_invariants_hold_of_many_drawn_days(spark, seed, event_count, adoption_count):
    chance = random.Random(seed)
    drawn = drawn_events(chance, event_count)
    adopted = drawn_adoptions(chance, adoption_count)
    judge_credits(spark, drawn, adopted)
    judge_tables(spark, drawn, adopted, chance)
