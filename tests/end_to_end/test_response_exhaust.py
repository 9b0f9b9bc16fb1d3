"""Answers, the whole way: raw table and archive are refreshed, a mentor asks, and each is right."""

import csv
import hashlib
import io
import zipfile
from datetime import UTC, datetime

import pytest

from jobs.exhausts.job import run_exhaust
from jobs.samples import batches, places, staff
from jobs.samples.edges import Edge, learner
from jobs.storage.mail import open_mail
from jobs.storage.objects import open_objects
from tests.end_to_end.answer_oracle import AnswerOracle, read_answers
from tests.end_to_end.test_progress_exhaust import ASKED, FOREIGN, SOUTH, read

KIND = "response-exhaust"
NORTH = places.NORTH.org_id
BIG, EDGES = batches.BIG.batch_id, batches.EDGES.batch_id
# These have no course that answers could be reported of, or a mentor who cannot be written to.
WITHOUT_FILE = {
    batches.OF_MISSING_COURSE.batch_id, batches.OF_RETIRED_COURSE.batch_id,
    batches.NOT_ATTEMPTED.batch_id,
}  # fmt: skip


@pytest.fixture(scope="module")
def oracle(sunbird):
    return AnswerOracle(sunbird.settings.lake, sunbird.oracle)


def answered(sunbird, asked, *, run_id, **settings):
    own = sunbird.settings.model_copy(update=settings)
    run_exhaust(
        own, sunbird.store, open_objects(own), open_mail(own), kind=KIND, run_id=run_id,
        now=datetime.now(UTC),
    )  # fmt: skip
    return [sunbird.request(request_id) for request_id in asked]


def members(sunbird, request):
    (place,) = request["download_urls"]
    with zipfile.ZipFile(io.BytesIO(open_objects(sunbird.settings).read(place))) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def content(sunbird, request):
    header, rows = read(next(iter(members(sunbird, request).values())))
    return header, read_answers(rows)


def test_every_answer_of_every_batch_is_right(sunbird, oracle):
    asked = {
        batch_id: sunbird.ask(batch_id, by=by, channel=channel, kind=KIND)
        for batch_id, (by, channel, _) in ASKED.items()
        if batch_id not in WITHOUT_FILE
    } | {"of its owner": sunbird.ask(FOREIGN, by=staff.MENTOR_SOUTH, channel=SOUTH, kind=KIND)}

    told = dict(zip(asked, answered(sunbird, asked.values(), run_id="answers"), strict=True))

    row_counts = {}
    for batch_id, request in told.items():
        assert request["status"] == "SUCCESS", request["err_message"]
        tenant = ASKED[batch_id][2] if batch_id in ASKED else None
        wanted = oracle.file(FOREIGN if batch_id == "of its owner" else batch_id, tenant=tenant)
        assert content(sunbird, request) == wanted
        row_counts[batch_id] = len(wanted[1])
    assert row_counts[BIG] > 100
    assert row_counts[EDGES] > 20


def test_odd_answers_are_in_the_file_once_or_in_the_list_of_what_is_not(sunbird):
    (request,) = answered(
        sunbird, [sunbird.ask(EDGES, by=staff.MENTOR_TWO, channel=NORTH, kind=KIND)], run_id="odd"
    )

    found = members(sunbird, request)
    rows = list(csv.DictReader(io.StringIO(next(iter(found.values())).decode("utf-8-sig"))))
    attempts = {
        edge: [r["Attempt Id"] for r in rows if r["User UUID"] == learner(edge)] for edge in Edge
    }
    assert len(set(attempts[Edge.ANSWERS_ARCHIVED])) == 2
    assert len(attempts[Edge.ANSWERS_ARCHIVED]) == 4
    assert len(attempts[Edge.ANSWERS_ARCHIVED_AND_LIVE]) == 2
    assert attempts[Edge.ANSWERS_OF_ANOTHER_BATCH] == []
    assert attempts[Edge.ARCHIVE_ROW_MISPLACED] == []
    assert attempts[Edge.ANSWERS_TORN] == []
    assert len(attempts[Edge.ANSWERS_MISSING]) == 1
    assert len(attempts[Edge.ANSWERS_OF_TWO_SETS]) == 4
    (name,) = [name for name in found if name.startswith("quarantine")]
    listed = list(csv.DictReader(io.StringIO(found[name].decode("utf-8-sig"))))
    assert {(r["Source Table"], r["Reason"]) for r in listed} >= {
        ("assessment_aggregator", "unreadable_question"),
        ("assessment_archive", "missing_attempt_id"),
        ("assessment_archive", "other_folder"),
    }


def test_many_answers_are_parts_with_a_manifest_and_go_by_link(sunbird, oracle):
    asked = [sunbird.ask(BIG, by=staff.MENTOR_BIG, channel=NORTH, kind=KIND) for _ in range(2)]

    first, second = answered(
        sunbird, asked, run_id="parts", answers_per_file=100, attachment_bytes=1000,
        links_url="https://files.example",
    )  # fmt: skip

    found = members(sunbird, first)
    assert found == members(sunbird, second)
    (manifest,) = [name for name in found if name.endswith("_manifest.csv")]
    listed = list(csv.DictReader(io.StringIO(found.pop(manifest).decode("utf-8-sig"))))
    parts = {name: data for name, data in found.items() if "quarantine" not in name}
    assert [row["File"] for row in listed] == list(parts)
    assert {int(row["Rows"]) for row in listed[:-1]} == {100}
    rows = []
    for told, data in zip(listed, parts.values(), strict=True):
        header, some = read(data)
        rows += some
        assert (len(some), len(data)) == (int(told["Rows"]), int(told["Bytes"]))
        assert hashlib.sha256(data).hexdigest() == told["SHA-256"]
    assert (header, read_answers(rows)) == oracle.file(BIG)
    with sunbird.store.transaction() as connection:
        offered = connection.execute(
            "SELECT count(*) AS n FROM operations.link WHERE request_id = ANY(%s)", [asked]
        ).fetchone()
    assert offered["n"] == 2
