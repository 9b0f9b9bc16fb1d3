"""The files that portals read: exact headers, old texts, whole histories."""

import csv
import io
import json
from datetime import date

from jobs.usage.daily_metrics import OVERALL_CELLS, TENANT_CELLS, as_csv, as_json, daily_metrics

OVERALL_HEADER = (
    "Date|Total QR scans|Successful QR Scans|Failed QR Scans|Unmapped QR Scans"
    "|Percentage (%) of Failed QR Scans|Percentage (%) of Unmapped QR Scans"
    "|Total Content Downloads in Mobile App|Total Content Downloads in Desktop App"
    "|Total Mobile App Sessions|Total Devices on Mobile App|Total Time on Mobile App (in hours)"
    "|Total Desktop App Sessions|Total Devices on Desktop App|Total Time on Desktop App (in hours)"
    "|Total Content Plays on Mobile App|Total Devices that played content on Mobile App"
    "|Content Play Time on Mobile App (in hours)"
    "|Total Content Plays on Portal|Total Devices that played content on Portal"
    "|Content Play Time on Portal (in hours)"
    "|Total Content Plays on Desktop App|Total Devices that played content on Desktop App"
    "|Content Play Time on Desktop App (in hours)"
    "|Total Content Plays|Total Devices that played content|Total Content Play Time (in hours)"
)
TENANT_HEADER = (
    "Date|Total QR scans|Successful QR Scans|Failed QR Scans|Percentage (%) of Failed QR Scans"
    "|Total Content Downloads in Mobile App|Total Content Downloads in Desktop App"
    "|Total Content Plays on Mobile App|Total Devices that played content on Mobile App"
    "|Content Play Time on Mobile App (in hours)"
    "|Total Content Plays on Portal|Total Devices that played content on Portal"
    "|Content Play Time on Portal (in hours)"
    "|Total Content Plays on Desktop App|Total Devices that played content on Desktop App"
    "|Content Play Time on Desktop App (in hours)"
    "|Total Content Plays|Total Devices that played content|Total Content Play Time (in hours)"
)

COUNTS = (
    "scan_count", "successful_scan_count", "failed_scan_count", "unmapped_scan_count",
    "download_count", "play_count", "play_device_count", "play_hours", "session_count",
    "session_device_count", "session_hours",
)  # fmt: skip


def day_of(day, **all_platforms):
    """A day's rows of all platforms; `platform__column=value` says what is not zero."""
    rows = [
        {"day": day, "platform": platform, "failed_scan_ratio": None, "unmapped_scan_ratio": None}
        | dict.fromkeys(COUNTS, 0)
        for platform in ("all", "app", "portal", "desktop", "unknown")
    ]
    for name, value in all_platforms.items():
        platform, column = name.split("__")
        next(row for row in rows if row["platform"] == platform)[column] = value
    return rows


def test_headers_are_those_that_portals_read_with_the_desktop_columns_always_there():
    quiet = day_of(date(2026, 11, 20))

    assert "|".join(daily_metrics(quiet, OVERALL_CELLS)[0]) == OVERALL_HEADER
    assert "|".join(daily_metrics(quiet, TENANT_CELLS)[0]) == TENANT_HEADER
    assert daily_metrics([], OVERALL_CELLS)[1:] == ([], None)


def test_days_stand_in_order_of_the_calendar_as_older_files_write_them():
    rows = [*day_of(date(2026, 12, 1)), *day_of(date(2026, 11, 30)), *day_of(date(2027, 1, 2))]

    _, lines, last = daily_metrics(rows, TENANT_CELLS)

    assert [line[0] for line in lines] == ["30-11-2026", "01-12-2026", "02-01-2027"]
    assert last == date(2027, 1, 2)


def test_figures_are_of_their_platform_hours_are_not_cut_and_shares_are_percent():
    rows = day_of(
        date(2026, 11, 20),
        all__scan_count=3,
        all__failed_scan_ratio=1 / 3,
        all__unmapped_scan_ratio=2 / 3,
        app__download_count=4,
        desktop__download_count=5,
        app__play_hours=0.9,
        all__play_hours=1.005,
        portal__play_count=7,
        all__play_device_count=8,
        desktop__session_count=9,
    )

    header, lines, _ = daily_metrics(rows, OVERALL_CELLS)
    line = dict(zip(header, lines[0], strict=True))

    assert line["Total QR scans"] == "3"
    assert line["Percentage (%) of Failed QR Scans"] == "33.33"
    assert line["Percentage (%) of Unmapped QR Scans"] == "66.67"
    assert line["Total Content Downloads in Mobile App"] == "4"
    assert line["Total Content Downloads in Desktop App"] == "5"
    assert line["Content Play Time on Mobile App (in hours)"] == "0.90"
    assert line["Total Content Play Time (in hours)"] == "1.01"
    assert line["Total Content Plays on Portal"] == "7"
    assert line["Total Devices that played content"] == "8"
    assert line["Total Desktop App Sessions"] == "9"


def test_day_without_scans_has_a_line_of_zeros():
    header, lines, _ = daily_metrics(day_of(date(2026, 11, 20)), OVERALL_CELLS)

    line = dict(zip(header, lines[0], strict=True))
    assert line["Percentage (%) of Failed QR Scans"] == "0.00"
    assert set(lines[0][1:]) == {"0", "0.00"}


def test_both_forms_say_the_same_and_every_value_of_the_json_is_a_text():
    header, lines, last = daily_metrics(day_of(date(2026, 11, 20), app__play_count=3), TENANT_CELLS)

    text = as_csv(header, lines).decode()
    told = json.loads(as_json(header, lines, last))

    assert list(csv.reader(io.StringIO(text))) == [header, *lines]
    assert "\r" not in text
    assert told["keys"] == header
    assert told["tableData"] == lines
    assert told["data"] == [dict(zip(header, lines[0], strict=True))]
    # 2026-11-20 00:00 UTC in milliseconds, as the older files have it.
    assert told["metadata"] == {"lastUpdatedOn": 1795132800000.0}
