"""Pages that are made from the code say all of it, and a stale one is told."""

import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from jobs.contracts.exhausts import EXHAUST_TABLES
from jobs.contracts.learning import CLEAN_TABLES
from jobs.contracts.metrics import METRIC_TABLES
from jobs.contracts.operations import STORE_TABLES
from jobs.contracts.raw import RAW_TABLES
from jobs.documentation.metrics import examples
from jobs.documentation.pages import pages, stale_pages
from jobs.documentation.plots import COLOURS, PLOTS, drawn
from jobs.errors import RequestError
from jobs.settings import PREFIX, Settings

ROOT = Path(__file__).resolve().parents[2]
TABLES = RAW_TABLES | CLEAN_TABLES | EXHAUST_TABLES | STORE_TABLES


@pytest.fixture
def written(tmp_path):
    for name, text in pages().items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("contract", TABLES.values(), ids=list(TABLES))
def test_every_table_is_there_with_its_grain_key_and_columns(contract):
    _, _, part = pages()["docs/tables.md"].partition(f"### {contract.name}\n")
    own = part.split("\n### ")[0]

    assert contract.grain in own
    assert ", ".join(contract.key) in own
    assert [field.name for field in contract.fields if f"| {field.name} |" not in own] == []


def test_every_setting_is_there_with_its_default_and_no_secret():
    page = pages()["docs/settings.md"]

    for name, field in Settings.model_fields.items():
        assert f"| `{PREFIX}{name.upper()}` |" in page
        assert field.description in page
    assert "| `SUNBIRD_BATCH_SMTP_PORT` | `587` |" in page


def test_pages_that_were_just_written_are_not_stale(written):
    assert stale_pages(written) == []


@pytest.mark.parametrize("name", ["docs/tables.md", "docs/settings.md"])
def test_changed_or_missing_page_is_stale(written, name):
    page = written / name
    page.write_text(page.read_text(encoding="utf-8").replace("the", "a", 1), encoding="utf-8")
    assert stale_pages(written) == [name]
    page.unlink()
    assert stale_pages(written) == [name]


def test_stale_page_fails_the_check_and_is_named(jobs, monkeypatch, written):
    monkeypatch.setattr("jobs.commands.upkeep.ROOT", written)
    assert jobs("docs", "--check").code == 0
    (written / "docs" / "tables.md").write_text("old")

    stale = jobs("docs", "--check")

    assert (stale.code, stale.out) == (1, "docs/tables.md is stale: run `python -m jobs docs`.\n")
    assert jobs("docs").out == "docs/tables.md written\n"
    assert jobs("docs", "--check").code == 0


def test_every_metric_table_has_a_page_with_its_columns_and_three_queries():
    for name, contract in METRIC_TABLES.items():
        page = pages()[f"docs/metrics/{name}.md"]
        assert contract.grain in page
        assert page.count("```sql\n") == 3
        assert not any(field.personal for field in contract.fields)
        assert [one.name for one in contract.fields if f"| {one.name} |" not in page] == []
        assert f"pictures/metrics/{name}.png" in page


def test_every_check_is_there_with_what_it_finds():
    page = pages()["docs/gates.md"]

    for file in (ROOT / "sql" / "checks").glob("*/*.sql"):
        _, _, section = page.partition(f"\n## {file.parent.name}\n")
        name = file.stem.replace("_", " ")
        (row,) = [row for row in section.split("\n## ")[0].splitlines() if f"| {name} |" in row]
        assert re.fullmatch(r"\| [^|]+ \| (fail|warn) \| [^|]{20,} \|", row), row


def test_a_plot_is_of_columns_that_its_query_answers():
    assert set(PLOTS) == set(METRIC_TABLES)
    for name, plot in PLOTS.items():
        query = examples(name)[plot.example - 1].query
        assert [one for one in (*plot.names, *plot.counts) if one not in query] == [], name


def test_a_plot_is_the_same_bytes_for_the_same_rows():
    days = [(date(2026, 11, day), 3 * day, 7, None) for day in (2, 1)]
    lines = [("day", "scan_count", "download_count", "play_count"), days]
    bars = [("state", "enrolment_count", "completion_count"), [("ಕನ್ನಡ", 5, 2), (None, 1, 0)]]

    for name, told in (("usage_daily", lines), ("collection_summary_daily", bars)):
        png = drawn(PLOTS[name], *told)
        assert png.startswith(b"\x89PNG")
        assert png == drawn(PLOTS[name], *told)


def test_colours_of_plots_stand_out_from_paper_and_from_each_other():
    def light(colour):
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [
            part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        ]
        return sum(
            part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True)
        )

    lights = sorted(light(colour) for colour in COLOURS)
    assert all(1.05 / (one + 0.05) >= 3 for one in lights)
    assert all((b + 0.05) / (a + 0.05) >= 1.5 for a, b in pairwise(lights))


def test_plots_of_empty_tables_are_refused_and_none_is_drawn(jobs, store, tmp_path, monkeypatch):
    monkeypatch.setattr("jobs.commands.upkeep.ROOT", tmp_path)
    places = {
        "home": tmp_path / "home", "store_url": store.url, "analyst_store_url": store.analyst_url,
    }  # fmt: skip
    refused = jobs("docs", "--plots", **places)

    assert refused.code == RequestError.exit_code
    assert "make demo" in refused.err
    assert not (tmp_path / "docs").exists()
