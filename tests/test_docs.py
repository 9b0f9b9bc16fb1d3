"""The pages that people read say what is there: links, commands, targets, run books."""

import re
from pathlib import Path

import pytest

from jobs.__main__ import app
from jobs.documentation.pages import stale_pages
from jobs.errors import BatchError
from jobs.settings import PREFIX, Settings

ROOT = Path(__file__).resolve().parents[1]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"python -m jobs ([a-z][a-z-]*)")
TARGET = re.compile(r"`?make ([a-z-]+)")
NOT_OURS = {"var", "build", "site"}
VARIABLE = re.compile(rf"{PREFIX}[A-Z0-9_]*[A-Z0-9]")


def pages_of(root: Path) -> list[Path]:
    """Every page of the project; what is embedded or installed below it is not its own."""
    folders = [
        folder
        for folder in root.iterdir()
        if folder.is_dir() and not folder.name.startswith(".") and folder.name not in NOT_OURS
    ]
    return sorted([*root.glob("*.md"), *(page for one in folders for page in one.rglob("*.md"))])


PAGES = pages_of(ROOT)
TEXTS = {page: page.read_text(encoding="utf-8") for page in PAGES}
MADE_BY_HAND = "\n".join(
    text for page, text in TEXTS.items() if page.name not in ("tables.md", "settings.md")
)


def anchors(text: str) -> set[str]:
    """The headings as a browser names them."""
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in HEADING.findall(FENCED.sub("", text))
    }


def broken_links(page: Path, text: str) -> list[str]:
    found = []
    for markdown, html in LINK.findall(FENCED.sub("", text)):
        link = markdown or html
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (
            anchor and anchor not in anchors(target.read_text(encoding="utf-8"))
        ):
            found.append(link)
    return found


def test_a_link_to_a_missing_page_or_heading_is_found(tmp_path):
    (tmp_path / "other.md").write_text("# Two words: here\n")
    text = "[a](other.md#two-words-here) [b](other.md#gone) [c](gone.md) [d](https://x.example)"

    assert broken_links(tmp_path / "page.md", text) == ["other.md#gone", "gone.md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page):
    assert broken_links(page, TEXTS[page]) == []


def test_every_command_is_told_of_and_every_command_told_of_is_there():
    commands = {command.name for command in [*app.registered_commands, *app.registered_groups]}

    assert set(COMMAND.findall(MADE_BY_HAND)) == commands


def test_every_make_target_is_told_of_and_every_target_told_of_is_there():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))

    assert set(TARGET.findall(TEXTS[ROOT / "README.md"])) == targets


def test_every_dag_has_a_run_book_and_every_run_book_a_dag():
    dags = {path.stem for path in (ROOT / "dags").glob("*.py")}

    assert {path.stem for path in (ROOT / "docs" / "runbooks").glob("*.md")} == dags


@pytest.mark.parametrize(
    "page", sorted((ROOT / "docs" / "runbooks").glob("*.md")), ids=lambda p: p.stem
)
def test_run_book_says_what_it_does_and_how_to_see_and_mend_it(page):
    headings = set(HEADING.findall(FENCED.sub("", TEXTS[page])))

    assert page.stem in headings
    assert {"Is it well?", "If it is late", "If it is red"} <= headings
    assert "**What the mentor sees.**" in TEXTS[page] or "**Who notices.**" in TEXTS[page]


def test_every_setting_that_a_page_names_is_a_setting():
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    of_tools = {f"{PREFIX}ROOT", f"{PREFIX}CHROMIUM"}
    named = {name.removesuffix("_FILE") for name in VARIABLE.findall(MADE_BY_HAND)}

    # SUNBIRD_BATCH_SMTP_* stands for all that begin so.
    unknown = {name for name in named - of_tools if not any(k.startswith(name) for k in known)}
    assert unknown == set()


def test_every_exit_code_is_in_the_readme():
    codes = {kind.exit_code for kind in BatchError.__subclasses__()}
    told = {
        int(code) for code in re.findall(r"^\| (\d+) \|", TEXTS[ROOT / "README.md"], re.MULTILINE)
    }
    told |= {
        int(code)
        for code in re.findall(r"\| (\d+) \| [^|]+ \|$", TEXTS[ROOT / "README.md"], re.MULTILINE)
    }

    assert told == codes


def test_every_decision_has_its_three_parts():
    for page in sorted((ROOT / "docs" / "decisions").glob("*.md")):
        assert re.match(rf"# {page.name[:4]} ", TEXTS[page]), page.name
        for part in ("**Context.**", "**Decision.**", "**What we gave up.**"):
            assert part in TEXTS[page], f"{page.name} lacks {part}"


def test_pictures_of_the_readme_are_small_enough_to_load():
    too_large = [
        path.name
        for path in (ROOT / "docs" / "pictures").glob("*.png")
        if path.stat().st_size > 300_000
    ]

    assert too_large == []


def test_generated_pages_say_what_the_code_says():
    assert stale_pages(ROOT) == []
