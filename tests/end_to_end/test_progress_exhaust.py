"""The whole way: raw files are refreshed, mentors ask, files arrive, and each row is right."""

import csv
import io
import zipfile
from datetime import UTC, datetime

import pytest
import pyzipper

from jobs.exhausts.job import run_exhaust
from jobs.samples import batches, places, staff
from jobs.storage.mail import open_mail
from jobs.storage.objects import open_objects

PASSWORD = "Sunbird-Demo-2026"
NORTH, SOUTH, NAMED = places.NORTH.org_id, places.SOUTH.org_id, places.NAMED.channel
BIG, EDGES, FOREIGN = (b.batch_id for b in (batches.BIG, batches.EDGES, batches.FOREIGN))


def csv_of(archive, password=None):
    """The bytes of the progress file in a zip; the rows that were kept out are another."""
    kind = pyzipper.AESZipFile if password else zipfile.ZipFile
    with kind(io.BytesIO(archive)) as zipped:
        (name,) = [name for name in zipped.namelist() if "quarantine" not in name]
        return zipped.read(name, pwd=password and password.encode())


def read(content):
    """(header, rows) as a spreadsheet reads RFC 4180; whatever is not that raises."""
    assert content.startswith(b"\xef\xbb\xbf")
    lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    header, *rows = lines
    # Outside of quotes every line ends as the standard says.
    assert content.count(b"\r\n") >= len(rows) + 1
    return header, rows


def attached(message):
    return {
        part.get_filename(): part.get_payload(decode=True) for part in message.iter_attachments()
    }


def test_three_requests_become_three_mails_and_every_row_is_right(
    sunbird, bucket, mail_server, run_command
):
    plain = sunbird.ask(BIG, by=staff.MENTOR_BIG, channel=NORTH)
    sealed = sunbird.ask(EDGES, by=staff.MENTOR_TWO, channel=NORTH, key=PASSWORD)
    refused = sunbird.ask(BIG, by=staff.TEACHER, channel=NORTH)

    environment = sunbird.environment(**bucket, **mail_server.settings)
    ended = run_command(environment, "exhaust", "progress-exhaust")

    assert ended.returncode == 0, ended.stderr
    answered, delivered = ended.stdout.split(";")
    assert set(answered.split(", ")) == {"answered 2", "failed 1"}
    assert delivered == " sent 3, failed 0, waiting 0\n"
    assert {mail.is_encrypted for mail in mail_server.messages} == {True}
    mails = {mail.recipients[0]: mail.message for mail in mail_server.messages}
    assert set(mails) == {
        "meera.nair@school.example", "ritu@school.example", "imran.khan@school.example",
    }  # fmt: skip
    assert [sunbird.request(asked)["status"] for asked in (plain, sealed, refused)] == [
        "SUCCESS", "SUCCESS", "FAILED",
    ]  # fmt: skip

    ((_, big),) = attached(mails["meera.nair@school.example"]).items()
    assert read(csv_of(big)) == sunbird.oracle.file(BIG)

    ((_, edges),) = attached(mails["ritu@school.example"]).items()
    with pytest.raises(RuntimeError, match=r"encrypted|password"):
        csv_of(edges)
    assert read(csv_of(edges, PASSWORD)) == sunbird.oracle.file(EDGES)

    assert attached(mails["imran.khan@school.example"]) == {}
    assert "neither the creator nor a mentor" in sunbird.request(refused)["err_message"]
    (place,) = sunbird.request(plain)["download_urls"]
    bucket_of_files = open_objects(sunbird.settings.model_copy(update=bucket))
    assert bucket_of_files.read(place) == big


def answers(sunbird, asked, *, run_id):
    """Answer what waits, in this process, into folders; the requests' rows."""
    run_exhaust(
        sunbird.settings, sunbird.store, open_objects(sunbird.settings),
        open_mail(sunbird.settings), kind="progress-exhaust", run_id=run_id, now=datetime.now(UTC),
    )  # fmt: skip
    return [sunbird.request(request_id) for request_id in asked]


def files(sunbird, request):
    kept = open_objects(sunbird.settings)
    return [csv_of(kept.read(place)) for place in request["download_urls"]]


def test_asking_twice_gives_the_same_bytes(sunbird):
    asked = [sunbird.ask(EDGES, by=staff.MENTOR_TWO, channel=NORTH) for _ in range(2)]

    first, second = answers(sunbird, asked, run_id="twice")

    assert files(sunbird, first) == files(sunbird, second)


# batch -> who asks, from which tenant, and whose learners they may see (None: everybody's).
ASKED = {
    batch.batch_id: (batch.mentors[0], batch.tenants[0].channel, None) for batch in batches.BATCHES
} | {FOREIGN: (staff.MENTOR_TWO, NORTH, NORTH)}
WITHOUT_FILE = {
    batches.OF_TORN_COURSE.batch_id: "its hierarchy is not valid JSON",
    batches.OF_MISSING_COURSE.batch_id: "it has no hierarchy",
    batches.OF_RETIRED_COURSE.batch_id: "is retired",
}


def test_every_row_of_every_batch_is_right(sunbird):
    asked = {
        batch_id: sunbird.ask(batch_id, by=by, channel=channel)
        for batch_id, (by, channel, _) in ASKED.items()
    } | {"of its owner": sunbird.ask(FOREIGN, by=staff.MENTOR_SOUTH, channel=SOUTH)}

    told = dict(zip(asked, answers(sunbird, asked.values(), run_id="all"), strict=True))

    unreachable = told.pop(batches.NOT_ATTEMPTED.batch_id)
    assert "no e-mail address" in unreachable["err_message"]
    assert len(told) == len(batches.BATCHES)
    for batch_id, request in told.items():
        if batch_id in WITHOUT_FILE:
            assert request["status"] == "FAILED"
            assert WITHOUT_FILE[batch_id] in request["err_message"]
            continue
        (found,) = files(sunbird, request)
        tenant = ASKED[batch_id][2] if batch_id in ASKED else None
        assert read(found) == sunbird.oracle.file(
            FOREIGN if batch_id == "of its owner" else batch_id, tenant=tenant
        )
