"""Pages that are made from the code say all of it, and a stale one is told."""

from pathlib import Path

import pytest

from jobs.contracts.exhausts import EXHAUST_TABLES
from jobs.contracts.learning import CLEAN_TABLES
from jobs.contracts.operations import STORE_TABLES
from jobs.contracts.raw import RAW_TABLES
from jobs.documentation import pages, stale_pages
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
