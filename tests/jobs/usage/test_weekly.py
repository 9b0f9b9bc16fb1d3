"""The weekly summary: two pages of the week's numbers, and each analyst is told once."""

import io
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from psycopg import sql
from pypdf import PdfReader

from jobs.contracts.download_ratios import RATIO_TABLES
from jobs.contracts.usage_metrics import USAGE_DAILY
from jobs.delivery.job import run_deliver
from jobs.errors import RequestError, UnavailableError
from jobs.storage.mail import open_mail
from jobs.usage.weekly.figures import Figure
from jobs.usage.weekly.job import counted_week, drawn, last_week, run_weekly
from jobs.usage.weekly.text import runs

MONDAY = date(2026, 11, 16)
NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
CERTIFICATES, REPORTS = RATIO_TABLES.values()
NAME = "विद्यालय नेतृत्व: PMeVIDYA संकल्पना"


def insert(connection, contract, **values):
    """A row with zeros, ratios of a half and no names where nothing is said."""
    plain = {"bigint": 0, "double precision": 0.5, "boolean": True, "text": "",
             "timestamp with time zone": NOW}  # fmt: skip
    row = {one.name: values.get(one.name, plain.get(one.type.postgres)) for one in contract.fields}
    connection.execute(
        sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier("metrics", contract.name),
            sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(", ").join(sql.Placeholder() * len(row)),
        ),
        list(row.values()),
    )


@pytest.fixture
def counted(store):
    """Two weeks of days: 100 scans each, 110 in the second."""
    with store.transaction() as connection:
        for number in range(14):
            day = MONDAY + timedelta(days=number - 7)
            scans = 110 if number >= 7 else 100
            for platform in ("all", "app"):
                insert(
                    connection, USAGE_DAILY, day=day, owner_scope="overall", platform=platform,
                    scan_count=scans, successful_scan_count=scans - 10, failed_scan_count=10,
                    play_count=2, play_hours=0.3, is_final=True,
                )  # fmt: skip
            for scope, course, name in (("all_courses", "", None), ("course", "do_1", NAME)):
                insert(
                    connection, CERTIFICATES, day=day, scope=scope, course_id=course, client="all",
                    course_name=name, issued_count=10, download_count=6 + number,
                    download_on_day_count=1, downloaded_certificate_count=4, download_ratio=1.9,
                )  # fmt: skip
            for scope, scope_id in (("all_courses", ""), ("tenant", "ka.in")):
                insert(
                    connection, REPORTS, day=day, scope=scope, scope_id=scope_id, batch_count=8,
                    download_count=12, mailed_count=3, download_ratio=1.5,
                )  # fmt: skip
    return store


@pytest.fixture
def settings(make_settings):
    return make_settings(analyst_addresses=["a@example.org", "B@example.org", "b@example.org"])


def test_week_is_told_in_words_and_figures_on_two_pages(counted, settings):
    with counted.transaction() as connection:
        pdf = drawn(settings, counted_week(connection, MONDAY), NOW)
        assert drawn(settings, counted_week(connection, MONDAY), NOW) == pdf

    pages = [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]
    assert len(pages) == 2
    assert "Usage of the week 16 – 22 Nov 2026" in pages[0]
    assert "770 QR codes were scanned, 9% of which found nothing" in pages[0]
    assert "+10 % on the week before" in pages[0]
    assert "Of 10 certificates issued to date, 4 (40%) were downloaded at least once" in pages[1]
    assert "19 downloads in all, a ratio of 1.90" in pages[1]
    assert "8 batches were downloaded 12 times in the portal, a ratio of 1.50" in pages[1]
    assert "Our own mails and links gave out 3 more" in pages[1]


def test_pages_are_two_whatever_the_names_and_numbers(counted, settings):
    with counted.transaction() as connection:
        for number in range(12):
            insert(
                connection, CERTIFICATES, day=MONDAY, scope="course", course_id=f"do_x{number}",
                client="all", course_name="ಬಹಳ ಉದ್ದವಾದ ಹೆಸರು " * 30, download_on_day_count=10**9,
                issued_count=10**9,
            )  # fmt: skip
        pdf = drawn(settings, counted_week(connection, MONDAY), NOW)

    assert len(PdfReader(io.BytesIO(pdf)).pages) == 2


def test_each_analyst_is_told_once_a_week(counted, settings, objects, tmp_path, ask):
    for hours in (0, 5):
        now = NOW + timedelta(hours=hours)
        summary = run_weekly(settings, counted, objects, first_on=MONDAY, now=now)
        run_deliver(settings, counted, objects, open_mail(settings), now)

    assert summary.analyst_count == 2
    assert objects.read(summary.key).startswith(b"%PDF")
    letters = [
        message_from_bytes(file.read_bytes(), policy=policy.default)
        for file in sorted((settings.home / "mailbox").glob("**/*.eml"))
    ]
    assert sorted(letter["To"].lower() for letter in letters) == ["a@example.org", "b@example.org"]
    letter = letters[0]
    assert letter["Subject"] == "Usage of the week 16 Nov 2026 – 22 Nov 2026"
    text = letter.get_body(("plain",)).get_content()
    assert "QR code scans: 770 (+10% on the week before)" in text
    assert "Certificates downloaded, of those issued to date: 40% (4 / 10)" in text
    (attached,) = letter.iter_attachments()
    assert attached.get_filename() == "usage-of-the-week-2026-11-16.pdf"
    assert attached.get_content().startswith(b"%PDF")
    # The outbox holds no address.
    assert "example.org" not in str(ask("SELECT * FROM operations.delivery"))


def test_who_left_the_list_before_it_was_sent_gets_nothing(counted, settings, objects, ask):
    run_weekly(settings, counted, objects, first_on=MONDAY, now=NOW)
    shorter = settings.model_copy(update={"analyst_addresses": ("a@example.org",)})

    run_deliver(shorter, counted, objects, open_mail(shorter), NOW)

    states = ask("SELECT status, server_said FROM operations.delivery ORDER BY status")
    assert [state for state, _ in states] == ["failed", "sent"]
    assert "not on the list" in states[0][1]


def test_week_that_is_not_over_or_not_counted_is_refused(counted, settings, objects):
    assert last_week(settings, NOW) == MONDAY
    for day in (MONDAY + timedelta(days=1), MONDAY + timedelta(days=7)):
        with pytest.raises(RequestError, match="2026-11-16"):
            run_weekly(settings, counted, objects, first_on=day, now=NOW)
    with pytest.raises(UnavailableError, match="usage --from 2026-10-05 --to 2026-10-11"):
        run_weekly(settings, counted, objects, first_on=date(2026, 10, 5), now=NOW)


def test_change_is_told_in_percent_and_else_in_words():
    said = [Figure("scans", "", now, before).change for now, before in
            ((11, 10), (9, 10), (10, 10), (1, 0), (1, None))]  # fmt: skip
    assert said == [
        "+10 % on the week before", "-10 % on the week before", "as the week before",
        "none the week before", "no week before",
    ]  # fmt: skip


def test_punctuation_stays_in_the_font_of_its_word():
    assert runs("नेतृत्व: PMe 2") == [
        ("NotoSansDevanagari-Regular", "नेतृत्व: "),
        ("NotoSans-Regular", "PMe 2"),
    ]
