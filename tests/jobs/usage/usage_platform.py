"""A small platform on disk for whole runs of usage: tenants, textbooks, and telemetry by day."""

import json
from datetime import UTC, date, datetime, timedelta

from jobs.contracts.learning import BATCHES, COLLECTIONS, ENROLMENTS
from jobs.contracts.textbooks import TEXTBOOKS
from jobs.samples.telemetry_events import certificate_click, report_click

ORGANISATIONS = [
    {"id": "o-nat", "channel": "nat", "slug": "nat", "orgname": "National", "isrootorg": True},
    {"id": "o-gj", "channel": "gj", "slug": "gj", "orgname": "Gujarat", "isrootorg": True},
]


def book(textbook_id, channel, *, codes=(), content_ids=()):
    return {
        "textbook_id": textbook_id,
        "version_id": textbook_id,
        "status": "Live",
        "channel": channel,
        "codes": list(codes),
        "content_ids": list(content_ids),
    }


BOOKS = [book("maths", "nat", codes=["MATHS1"], content_ids=["c1"]), book("own", "gj")]


def write_platform(settings, publish_rows, *, books=BOOKS, data_as_of=None):
    """Organisations in the lake, and the clean tables that usage and its ratios read."""
    folder = settings.lake / "organisation"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ORGANISATIONS))
    at = data_as_of or datetime(2026, 11, 20, tzinfo=UTC)
    publish_rows(TEXTBOOKS, books, data_as_of=at)
    for contract in (ENROLMENTS, BATCHES, COLLECTIONS):
        publish_rows(contract, [], data_as_of=at)


def write_courses(publish_rows, days):
    """A course of two batches, whose learners d0 to d3 got a certificate on some of the days."""
    at = datetime(2026, 11, 20, 1, tzinfo=UTC)
    learners = [
        {
            "batch_id": f"b{number % 2}",
            "user_id": f"d{number}",
            "collection_id": "do_1",
            "is_active": True,
            "certificates": [
                {
                    "identifier": f"c{number}",
                    "name": "Completion",
                    "lastIssuedOn": f"{days[number * len(days) // 5]}T06:00:00.000+0000",
                }
            ],
        }
        for number in range(4)
    ]
    batches = [
        {"batch_id": f"b{number}", "collection_id": "do_1", "status": 1, "created_by": "d1"}
        for number in range(2)
    ]
    publish_rows(ENROLMENTS, learners, data_as_of=at)
    publish_rows(BATCHES, batches, data_as_of=at)
    publish_rows(COLLECTIONS, [{"collection_id": "do_1", "collection_name": "One"}], data_as_of=at)


def write_telemetry(settings, arrived_on, events, *, name="a"):
    folder = settings.lake / "telemetry" / arrived_on.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events))


def millis(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def noon(day: date, **later) -> datetime:
    """Noon in India."""
    return datetime(day.year, day.month, day.day, 6, 30, tzinfo=UTC) + timedelta(**later)


def place_of(state):
    return {"devicedata": {"countrycode": "IN", "state": state}} if state else {}


def play(mid, at, *, device="d1", book="maths", content="c1", state="Gujarat", seconds=60.0,
         platform="app"):  # fmt: skip
    return {
        "eid": "ME_WORKFLOW_SUMMARY",
        "ets": millis(at) + 39_600_000,
        "syncts": millis(at) + 60_000,
        "ver": "1.1",
        "mid": mid,
        "uid": "u1",
        "context": {"cdata": []},
        "dimensions": {
            "did": device, "sid": "s1", "channel": "nat", "type": "content", "mode": "play",
            "pdata": {"id": f"prod.diksha.{platform}", "ver": "1", "pid": "player"},
        },
        "edata": {"eks": {"start_time": millis(at), "time_spent": seconds}},
        "object": {"id": content, "type": "Content", "rollup": {"l1": book} if book else {}},
        **place_of(state),
    }  # fmt: skip


def session(mid, at, *, device="d1", seconds=600.0):
    event = play(mid, at, device=device, seconds=seconds)
    event["dimensions"] |= {"type": "app", "mode": None}
    del event["object"]
    return event


def scan(mid, at, *, codes="MATHS1", size=1, channel="nat", state="Gujarat", device="d1"):
    return {
        "eid": "SEARCH",
        "ets": millis(at),
        "syncts": millis(at) + 60_000,
        "ver": "3.0",
        "mid": mid,
        "actor": {"id": "org.sunbird.learning.platform", "type": "System"},
        "context": {"channel": "nat", "env": "search", "did": device,
                    "pdata": {"id": "prod.diksha.app", "pid": "search-service", "ver": "1"}},
        "object": {"id": "MATHS1", "type": "DialCode"},
        "edata": {"size": size, "query": "", "type": "content", "filters": {"dialcodes": codes}},
        **({"dialcodedata": {"identifier": "MATHS1", "channel": channel}} if channel else {}),
        **place_of(state),
    }  # fmt: skip


def download(mid, at, *, content="c1", device="d1", state="Gujarat"):
    return {
        "eid": "INTERACT",
        "ets": millis(at),
        "syncts": millis(at) + 60_000,
        "ver": "3.0",
        "mid": mid,
        "actor": {"id": "u1", "type": "User"},
        "context": {"channel": "nat", "env": "sdk", "did": device,
                    "pdata": {"id": "prod.diksha.app", "pid": "sunbird.app", "ver": "1"}},
        "object": {"id": content, "type": "Content", "ver": "1"},
        "edata": {"type": "OTHER", "subtype": "ContentDownload-Success", "id": "",
                  "pageid": "ContentDetail"},
        **place_of(state),
    }  # fmt: skip


def clicked(mid, at, *, device="d1", state="Gujarat"):
    """A learner's click on a certificate, on a device of the same name."""
    return certificate_click(device, "do_1", mid=mid, at=at, device=device, state=state)


def reported(mid, at, *, device="d1", state="Gujarat"):
    """A mentor's click on the report of one of two batches, or of the course."""
    batch = {"d0": "b0", "d1": "b1"}.get(device)
    return report_click("do_1", user=device, batch=batch, mid=mid, at=at, device=device,
                        state=state)  # fmt: skip


def adopt(connection, *, textbook_id="maths", channel="gj", state_code="IN-GJ",
          valid_from=datetime(2026, 1, 1, tzinfo=UTC), valid_to=None):  # fmt: skip
    """An adoption as `textbooks adopt` keeps it."""
    connection.execute(
        "INSERT INTO operations.textbook_adoption (adoption_id, textbook_id, board,"
        " publisher_channel, adopting_channel, state, state_code, framework_id, mode, adopter_id,"
        " file_id, row_number, valid_from, valid_to) VALUES (gen_random_uuid()::text, %s, 'B',"
        " 'nat', %s, NULL, %s, 'f', 'asis', 'u', 'f', 1, %s, %s)",
        [textbook_id, channel, state_code, valid_from, valid_to],
    )
