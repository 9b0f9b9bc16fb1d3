"""The page of recovery tells of every failure that the code knows, and its commands are there."""

import re
import shlex
from pathlib import Path

import pytest
import typer

from jobs.__main__ import app
from jobs.contracts import missed_certificates as missed
from jobs.contracts.adoptions import FILE_STATES
from jobs.contracts.operations import DELIVERY_STATES, REQUEST_STATES
from jobs.doctor import examine
from jobs.errors import BatchError
from jobs.exhausts.quarantine import KNOWN

ROOT = Path(__file__).resolve().parents[1]
RECOVERY = (ROOT / "docs" / "recovery.md").read_text(encoding="utf-8")
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
WRITTEN = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
CODE = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "jobs").rglob("*.py"))
LOGGED = re.compile(r"log\.(?:warning|error)\(\s*\"([^\"]+)\"")
# To the end of the line, of the code span, or to the words beside it.
TYPED = re.compile(r"python -m jobs((?: [^`\n]*)?)")
ENDS = re.compile(r"   | #|\||\.\.\.| && |; ")


MADE_BY_HAND = "\n".join(
    text for page in PAGES if "jobs docs`; change" not in (text := page.read_text("utf-8"))
)
COMMANDS = typer.main.get_command(app)


def settled(command):
    """(the command or group that is typed, the words that name it)."""
    group, words = COMMANDS, []
    while command and command[0] in getattr(group, "commands", {}):
        words.append(command.pop(0))
        group = group.commands[words[-1]]
    return group, words


def typed_commands():
    joined = WRITTEN.replace("\\\n", " ")
    for found in TYPED.finditer(joined):
        text = ENDS.split(found.group(1))[0].strip().rstrip(".:,)").replace(" …", "")
        if text:
            yield text.replace("[", "").replace("]", "")


def wrong_with(text):
    """What of a command as it is written is not there."""
    words = shlex.split(text) if text.count('"') % 2 == 0 else text.split()
    command, path = settled(list(words))
    if not path:
        return [words[0]] if words[0][0] not in "<…" else []
    asked = [word.split("=")[0] for word in words[len(path) :] if word.startswith("--")]
    known = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
    below = getattr(command, "commands", {})
    missing = [] if not below or len(words) == len(path) or asked else [words[len(path)]]
    return missing + [name for name in asked if name not in known | {"--help"}]


def test_a_command_or_option_that_is_not_there_is_found():
    assert wrong_with("refreshh") == ["refreshh"]
    assert wrong_with("refresh --soon") == ["--soon"]
    assert wrong_with("certificate tear") == ["tear"]
    assert wrong_with("certificate verify FILE") == []


def test_every_command_on_every_page_is_there_with_its_options():
    wrong = {text: found for text in typed_commands() if (found := wrong_with(text))}

    assert wrong == {}


@pytest.mark.parametrize("kind", BatchError.__subclasses__(), ids=lambda kind: kind.__name__)
def test_every_kind_of_failure_has_a_row_with_its_exit_code(kind):
    assert f"| `{kind.__name__}` ({kind.exit_code}) |" in RECOVERY


def test_every_part_that_the_doctor_looks_at_has_a_row(make_settings, store):
    parts = {finding.part for finding in examine(make_settings(store_url=store.url))}
    section = RECOVERY.split("\n## The doctor says FAIL\n")[1].split("\n## ")[0]
    firsts = [row.split("|")[1] for row in section.splitlines() if row.startswith("| `")]

    assert parts == {part for first in firsts for part in re.findall("`([^`]+)`", first)}


@pytest.mark.parametrize("states", [REQUEST_STATES, DELIVERY_STATES], ids=["request", "delivery"])
def test_every_state_of_a_request_and_of_a_message_has_a_row(states):
    assert [state for state in states if f"`{state}`" not in RECOVERY] == []


def test_every_reason_for_which_a_row_is_kept_out_has_a_row():
    assert [reason for reason in KNOWN if f"`{reason}`" not in RECOVERY] == []


@pytest.mark.parametrize(
    "words",
    [missed.STATES, missed.REASONS, missed.PROBLEMS, FILE_STATES],
    ids=["states", "reasons", "problems", "files"],
)
def test_every_word_for_what_became_of_a_certificate_or_a_file_is_told(words):
    assert [word for word in words if not re.search(rf"\b{word}\b", MADE_BY_HAND)] == []


def test_every_warning_and_error_in_the_log_is_told_of():
    named = set(LOGGED.findall(CODE))

    assert len(named) > 20
    told = {
        event
        for event in named
        if any(part in WRITTEN for part in (event, *event.split(":"), *event.split(",")))
    }
    assert named - told == set()
