"""Plots: shapes that the page colours, each point of which knows its row of the table."""

import re

from sunbird_page.plots import trends_of

FACTS = {
    "usage": [
        {"day": "2026-11-19", "platform": "all", "successful_scan_count": 7,
         "failed_scan_count": 0, "play_count": 5},
        {"day": "2026-11-20", "platform": "all", "successful_scan_count": 9,
         "failed_scan_count": 2, "play_count": 6},
        {"day": "2026-11-20", "platform": "app", "successful_scan_count": 9,
         "failed_scan_count": 2, "play_count": 6},
    ],
    "certificates": [
        {"day": "2026-11-20", "client": "all", "download_ratio": None,
         "unique_download_ratio": 0.25},
    ],
    "reports": [{"day": "2026-11-19", "download_ratio": 1.5}],
    "completions": [],
    "minutes": [{"day": "2026-11-20", "p50": 4.25, "longest": 31}],
}  # fmt: skip
EVERY = {"usage", "completions", "requests"}


def plots(panels=EVERY):
    return {plot.id: plot for plot in trends_of(FACTS, panels)}


def test_a_reader_has_the_plots_of_the_panels_that_are_theirs():
    assert list(plots()) == ["downloads", "scans", "plays", "completions", "minutes"]
    assert list(plots({"requests"})) == ["minutes"]
    assert plots(set()) == {}


def test_a_day_without_a_number_has_none_and_is_no_zero():
    downloads = plots()["downloads"]

    assert downloads.days == ["2026-11-19", "2026-11-20"]
    assert [list(one.values) for one in downloads.series] == [
        [None, 0.25], [None, None], [1.5, None],
    ]  # fmt: skip
    assert [downloads.told(value) for value in (None, 0.25, 0.0, 1.5)] == ["–", "0.25", "0", "1.5"]


def test_what_was_never_counted_is_empty():
    assert [plot.is_empty for plot in plots().values()] == [False, False, False, True, False]


def test_every_point_of_a_line_and_part_of_a_bar_knows_its_row():
    drawn = {name: plots()[name].svg("half") for name in ("scans", "minutes", "downloads")}

    assert {name: sorted(re.findall(r'data-row="(\d)"', svg)) for name, svg in drawn.items()} == {
        "scans": ["0", "0", "1", "1"],
        "minutes": ["0", "0"],
        "downloads": ["0", "1"],
    }


def test_a_drawing_brings_no_style_script_or_words_of_its_own():
    for plot in plots().values():
        for size in ("broad", "half", "narrow"):
            svg = plot.svg(size)
            assert not re.search(r"<(?:style|script|desc|title|defs|!--)|style=|pygal", svg), (
                plot.id
            )
            assert 'aria-hidden="true"' in svg
