"""Each hazard of telemetry, landed: what it is, when it was, and why it is not taken."""

import json
from datetime import date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jobs.contracts.landed_events import LANDED_EVENTS
from jobs.samples.telemetry_events import content_download
from jobs.storage.telemetry_files import TelemetryFolder, read_parquet
from jobs.usage.events.landed import Landing, landed_events
from jobs.usage.events.landing.job import tuned
from jobs.usage.events.lines import telemetry_of, written
from tests.jobs.usage.events.hazards import EVENTS, TORN
from tests.jobs.usage.events.telemetry_platform import told

ARRIVAL = date(2026, 11, 20)
LANDING = Landing(ARRIVAL, "Asia/Kolkata", date(2017, 9, 5), 7)


@pytest.fixture(scope="module")
def landed(spark):
    """The landed rows by their `mid`; those without one by their reason."""
    lines = [
        *(json.dumps(event) for event in EVENTS),
        *TORN,
        "",
        "\ufeff" + json.dumps(content_download("do_1", **told("marked"))),
    ]
    frame = spark.createDataFrame(
        [(line, "a.jsonl") for line in lines], "value string, _file string"
    )
    found = landed_events(telemetry_of(written(frame)), LANDING)
    assert found.columns == [*LANDED_EVENTS.columns, "part"]
    return found.collect()


@pytest.fixture(scope="module")
def rows(landed):
    return {row.event_id: row for row in landed if row.event_id}


def test_code_is_read_from_a_text_or_a_list_and_brought_to_one_form(rows):
    assert {rows[mid].code for mid in ("text", "list", "small", "many")} == {"C1"}
    assert (rows["two"].code, rows["two"].code_count) == (None, 2)
    assert rows["text"].code_channel == "nat"


def test_search_without_a_code_is_no_scan(rows):
    assert not {"blank", "blanks", "no code"} & set(rows)


def test_scan_succeeds_when_anything_was_found_for_the_code(rows):
    found = {mid: rows[mid].is_successful for mid in ("text", "list", "small", "misspelt")}
    assert found == {"text": True, "list": False, "small": False, "misspelt": False}


def test_scan_has_no_user_and_no_content(rows):
    assert (rows["text"].user_id, rows["text"].object_id, rows["text"].platform) == (None,) * 3


def test_play_counts_when_it_began_and_not_when_it_was_summed_up(rows):
    play = rows["play"]
    assert play.event_at == datetime(2026, 11, 20, 17, 45)  # noqa: DTZ001 -- Spark's, in UTC
    assert (play.day, play.kind, play.collection_id) == (ARRIVAL, "play", "do_book")
    assert (play.user_id, play.device_id, play.session_id) == (None, "d1", "session-d1")


def test_play_without_a_textbook_or_an_object_is_a_play(rows):
    assert (rows["no book"].collection_id, rows["no book"].platform) == (None, "desktop")
    assert (rows["no object"].kind, rows["no object"].object_id) == ("play", None)


def test_evening_in_utc_is_the_next_day_in_india(rows):
    assert rows["evening"].day == date(2026, 11, 21)
    assert rows["evening"].part == "2026-11-21"


def test_session_has_its_seconds(rows):
    assert (rows["session"].kind, rows["session"].seconds) == ("session", 9.5)


def test_downloads_of_app_and_desktop_are_told_apart(rows):
    assert [rows[mid].kind for mid in ("download", "desktop")] == ["content_download"] * 2
    assert [rows[mid].platform for mid in ("download", "desktop")] == ["app", "desktop"]


def test_portal_is_told_by_its_device_and_then_by_its_browser(rows):
    found = [rows[mid].client for mid in ("app click", "tab", "desk", "by browser", "nobody")]
    assert found == ["app", "mobile_web", "portal", "mobile_web", "portal_unknown"]


def test_course_of_a_click_is_only_what_the_producer_says(rows):
    found = {mid: rows[mid].course_id for mid in ("app click", "tab", "nobody", "report")}
    assert found == {"app click": "do_course", "tab": None, "nobody": "do_c", "report": "do_course"}
    assert (rows["tab"].object_id, rows["tab"].object_type) == ("u1", "User")
    assert rows["nobody"].certificate_id == "cert-1"


def test_others_certificate_is_marked(rows):
    assert [rows[mid].is_own for mid in ("app click", "tab", "others")] == [True, True, False]


def test_nobody_has_no_user(rows):
    assert (rows["nobody"].user_id, rows["tab"].user_id) == (None, "u1")


def test_reports_are_told_by_button_and_page(rows):
    found = {mid: rows[mid].report for mid in ("report", "score", "exhaust", "null cdata")}
    assert found == {
        "report": "progress", "score": "score", "exhaust": "exhaust_request",
        "null cdata": "progress",
    }  # fmt: skip
    assert rows["score"].batch_id == "b1"
    assert "elsewhere" not in rows


def test_clock_of_more_than_a_day_ahead_is_replaced_by_the_arrival(rows):
    assert rows["ahead"].is_clock_ahead
    assert rows["ahead"].event_at == rows["ahead"].arrived_at
    assert (rows["a bit ahead"].is_clock_ahead, rows["a bit ahead"].day) == (
        False,
        date(2026, 11, 21),
    )


def test_late_event_is_kept_apart_and_one_in_time_is_not(rows):
    assert (rows["late"].part, rows["late"].reason) == ("late", None)
    assert rows["in time"].part == "2026-11-13"


def test_instant_may_be_a_whole_number_a_double_or_a_text(rows):
    assert rows["exponent"].event_at == datetime(2025, 11, 26, 11, 30)  # noqa: DTZ001


def test_missing_or_impossible_stamp_is_the_end_of_the_folder(rows):
    midnight = datetime(2026, 11, 21)  # noqa: DTZ001
    assert [rows[mid].arrived_at for mid in ("no stamp", "bad stamp")] == [midnight] * 2
    assert rows["folder"].is_clock_ahead
    assert rows["folder"].event_at == midnight


def test_part_of_another_shape_reads_as_absent(rows):
    assert (rows["text object"].kind, rows["text object"].object_id) == ("content_download", None)


def test_mark_before_the_first_line_is_no_part_of_it(rows):
    assert rows["marked"].reason is None


def test_what_cannot_be_used_says_why(landed, rows):
    found = {mid: rows[mid].reason for mid in ("negative", "begun unknown", "old", "no clock")}
    assert found == {
        "negative": "negative_seconds", "begun unknown": "no_time", "old": "before_launch",
        "no clock": "no_time",
    }  # fmt: skip
    reasons = [row.reason for row in landed if row.reason in ("malformed", "no_mid")]
    assert sorted(reasons) == ["malformed"] * len(TORN) + ["no_mid"]
    assert {row.source_file for row in landed if row.reason} == {"a.jsonl"}
    assert {row.part for row in landed if row.reason} == {"rejected"}


def test_row_id_is_unique_and_tells_the_arrival(landed):
    ids = [row.row_id for row in landed]
    assert len(set(ids)) == len(ids)
    assert {one >> 48 for one in ids} == {(ARRIVAL - date(1970, 1, 1)).days}


def test_location_is_taken_as_the_platform_tells_it(rows):
    assert (rows["text"].address_state, rows["text"].country_code) == ("Gujarat", "IN")


def test_parquet_of_any_shape_lands_as_the_same_rows_as_lines(spark, tmp_path, rows):
    """A file says its own types: instants as numbers, codes as a list in one and a text in one."""
    texts = [e for e in EVENTS if e["mid"] in ("text", "misspelt", "download", "app click", "play")]
    lists = [e for e in EVENTS if e["mid"] in ("list", "two", "blank", "tab", "report", "late")]
    for name, events in (("a", texts), ("b", lists)):
        pq.write_table(pa.Table.from_struct_array(pa.array(events)), tmp_path / f"{name}.parquet")
    paths = tuple(str(path) for path in sorted(tmp_path.glob("*.parquet")))
    with tuned(spark):
        frames = read_parquet(spark, TelemetryFolder(ARRIVAL, (), paths, ""))
        found = [row for frame in frames for row in landed_events(frame, LANDING).collect()]
    assert len(frames) == 2

    known = [name for name in LANDED_EVENTS.columns if name != "row_id"]
    assert {row.event_id for row in found} == {
        e["mid"] for e in (*texts, *lists) if e["mid"] != "blank"
    }
    for row in found:
        assert {name: row[name] for name in known} == {
            name: rows[row.event_id][name] for name in known
        }
