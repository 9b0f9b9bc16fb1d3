"""The summary's file: Sunbird's names, what is absent left out."""

import json
from datetime import UTC, date, datetime

from jobs.contracts.collection_summary import COLLECTION_SUMMARY_DAILY
from jobs.summaries.export import NAMES, file_names, write_lines

ROW = dict.fromkeys(COLLECTION_SUMMARY_DAILY.columns) | {
    "batch_id": "0131", "collection_id": "do_1", "collection_name": "पढ़ना", "start_on": date(2026, 1, 2),
    "has_certificate": "N", "state": "unknown", "district": "unknown", "enrolment_count": 0,
    "completion_count": 0, "certificate_count": 0, "keywords": '["a","b"]',
    "computed_at": datetime(2026, 11, 21, 0, 0, 0, 250_000, tzinfo=UTC),
}  # fmt: skip


def test_names_and_their_order_are_those_of_sunbirds_file():
    assert list(NAMES) == [
        "contentorg", "batchid", "courseid", "collectionname", "batchname", "startdate", "enddate",
        "hascertified", "state", "district", "enrolleduserscount", "completionuserscount",
        "certificateissuedcount", "contentstatus", "keywords", "channel", "timestamp", "orgname",
        "createdfor", "medium", "subject", "usertype", "usersubtype",
    ]  # fmt: skip
    assert file_names(date(2026, 11, 21)) == (
        "collection-summary-reports-v2/collection-summary-report-20261121.json",
        "collection-summary-reports-v2/collection-summary-report-latest.json",
    )


def test_a_line_is_json_with_days_as_days_and_without_what_is_absent(tmp_path):
    path = tmp_path / "lines"
    assert write_lines(path, [[ROW], [ROW]]) == 2
    first, second = path.read_text(encoding="utf-8").splitlines()
    assert first == second
    assert json.loads(first) == {
        "batchid": "batch-0131", "courseid": "do_1", "collectionname": "पढ़ना",
        "startdate": "2026-01-02", "hascertified": "N", "state": "unknown", "district": "unknown",
        "enrolleduserscount": 0, "completionuserscount": 0, "certificateissuedcount": 0,
        "keywords": ["a", "b"], "timestamp": 1795219200250,
    }  # fmt: skip
