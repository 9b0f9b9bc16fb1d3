"""The site: built strictly, whole without a network, and with the files that its pages name."""

import re
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config

ROOT = Path(__file__).resolve().parents[2]
FETCHED = re.compile(
    r"<(?:script|link|img|iframe|source)\b[^>]*?\b(?:src|href)=\"?(https?:)?//[^>]*>"
)
# A list or table that follows its sentence without a blank line is no list to Markdown here.
RUN_ON = re.compile(r"<p>(?:(?!</p>).)*\n(?:[-*|]|\d+\.) (?:(?!</p>).)*</p>", re.DOTALL)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder of the built site; a dead link or a page in no menu fails it."""
    folder = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_MKDOCS_2_WARNING", "1")
        build(load_config(str(ROOT / "mkdocs.yml"), site_dir=str(folder)))
    return folder


@pytest.fixture(scope="module")
def pages(site):
    return {
        path.relative_to(site).as_posix(): path.read_text("utf-8") for path in site.rglob("*.html")
    }


def test_every_page_of_the_docs_is_there_and_the_projects_own(pages):
    written = {path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md")}
    expected = {
        path.with_suffix(".html").as_posix() for path in written if path.name != "README.md"
    }
    own = {"readme.html", "contributing.html", "changelog.html", "runbooks/index.html"}

    assert expected | own | {"decisions/index.html", "metrics/index.html"} <= set(pages)


def test_no_page_fetches_anything_from_elsewhere(pages):
    assert {name: found[0] for name, text in pages.items() if (found := FETCHED.search(text))} == {}


def test_pictures_and_files_that_pages_show_are_there(site, pages):
    gone = [
        (name, source)
        for name, text in pages.items()
        for source in re.findall(r"<img\b[^>]*?\bsrc=\"([^\":]+)\"", text)
        if not (site / name).parent.joinpath(source).resolve().is_file()
    ]

    assert gone == []


def test_lists_and_tables_are_shown_as_such(pages):
    broken = [name for name, text in pages.items() if RUN_ON.search(text)]

    assert [name for name in broken if not name.startswith("source/")] == []


def test_a_file_that_a_page_names_is_shown_as_it_is(pages):
    shown = pages["source/dags/collection_summary.py.html"]

    assert "collection_summary.py" in shown
    assert "JobOperator" in re.sub("<[^>]+>", "", shown)


def test_the_list_of_run_books_says_when_each_runs(pages):
    words = re.sub("<[^>]+>", " ", pages["runbooks/index.html"])

    for dag in (ROOT / "dags").glob("*.py"):
        assert re.search(rf"\b{dag.stem}\s+\S+ \S+", words), dag.stem
