"""The gate finds what breaks a contract, says how much, and shows nobody's data."""

import logging
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from jobs.contracts.contract import Contract, Field
from jobs.contracts.exhausts import EXHAUST_TABLES
from jobs.contracts.types import INTEGER, TEXT, list_of
from jobs.errors import GateError
from jobs.quality.gate import check_rows
from jobs.quality.job import record
from jobs.quality.verdicts import Verdict, stop_on_failure

ROOT = Path(__file__).parents[3]

SCORES = Contract(
    name="scores",
    grain="one row per batch and learner",
    key=("batch_id", "user_id"),
    fields=(
        Field("batch_id", TEXT, "the batch", required=True),
        Field("user_id", TEXT, "the learner", required=True, personal=True),
        Field("progress_pct", INTEGER, "how far", at_least=0, at_most=100),
        Field("stage", TEXT, "the stage", one_of=("begun", "done")),
        Field("modules", list_of(TEXT), "the modules", required=True),
    ),
)
WARN = """
import logging, warnings
from jobs.quality.gate import quiet_library
logging.basicConfig(filename="/dev/null")
quiet_library()
warnings.warn("told")
"""
GOOD = {
    "batch_id": ["b1", "b1"],
    "user_id": ["u1", "u2"],
    "progress_pct": [0, 100],
    "stage": ["begun", None],
    "modules": [["m1"], []],
}


def found(frame, columns=None) -> dict[str, tuple]:
    verdicts = check_rows(frame, SCORES, subject="scores", columns=columns)
    return {
        v.check_name: (v.verdict, v.found_count, v.checked_count)
        for v in verdicts
        if v.verdict != "passed"
    }


def test_rows_that_hold_the_contract_pass():
    verdicts = check_rows(pd.DataFrame(GOOD), SCORES, subject="scores")

    assert {(v.subject, v.verdict, v.found_count, v.checked_count) for v in verdicts} == {
        ("scores", "passed", 0, 2)
    }
    stop_on_failure(verdicts)


@pytest.mark.parametrize(
    ("column", "values", "name"),
    [
        ("user_id", ["u1", "u1"], "batch_id, user_id is unique"),
        ("batch_id", ["b1", None], "batch_id is not null"),
        ("progress_pct", [0, 101], "progress_pct is at least 0 at most 100"),
        ("progress_pct", [-1, None], "progress_pct is at least 0 at most 100"),
        ("stage", ["begun", "lost"], "stage is a known value"),
        ("modules", [["m1"], None], "modules is not null"),
    ],
)
def test_rows_that_break_a_promise_are_counted(column, values, name):
    broken = pd.DataFrame(GOOD | {column: values})

    assert found(broken) == {name: ("failed", 2 if "unique" in name else 1, 2)}


def test_table_without_rows_is_told_and_does_not_stop():
    verdicts = check_rows(pd.DataFrame(GOOD).head(0), SCORES, subject="scores")

    assert [v.check_name for v in verdicts if v.verdict == "failed"] == ["has rows"]
    stop_on_failure(verdicts)


def test_check_that_could_not_be_made_is_not_bad_data_and_stops_too():
    not_numbers = pd.DataFrame(GOOD | {"progress_pct": ["much", "more"]}).drop(columns="stage")

    assert found(not_numbers) == {
        "progress_pct is at least 0 at most 100": ("could not check", None, None),
        "stage is a known value": ("could not check", None, None),
    }
    with pytest.raises(GateError, match=r"stage is a known value \(could not be checked\)"):
        stop_on_failure(check_rows(not_numbers, SCORES, subject="scores"))


def test_only_named_columns_are_checked():
    broken = pd.DataFrame({"user_id": ["u1", None]})

    assert found(broken, columns=["user_id"]) == {"user_id is not null": ("failed", 1, 2)}


def test_failure_names_subject_check_and_counts():
    broken = check_rows(pd.DataFrame(GOOD | {"stage": ["x", "y"]}), SCORES, subject="request r1")

    with pytest.raises(GateError, match=r"stopped request r1.*stage is a known value \(2 of 2\)"):
        stop_on_failure(broken)


def test_warning_does_not_stop():
    stop_on_failure([Verdict("scores", "fewer rows than yesterday", "warn", "failed", 5, 10)])


def test_verdicts_and_logs_hold_no_values(caplog, capfd):
    broken = pd.DataFrame(
        GOOD | {"user_id": ["canary", "canary"], "stage": ["canary", 7], "progress_pct": "canary"}
    )

    with caplog.at_level(logging.DEBUG):
        verdicts = check_rows(broken, SCORES, subject="scores")
        with pytest.raises(GateError) as raised:
            stop_on_failure(verdicts)

    told = f"{verdicts}{raised.value}{caplog.text}{''.join(capfd.readouterr())}"
    assert "canary" not in told


def test_check_is_silent_and_leaves_nothing_behind(tmp_path, monkeypatch, capfd):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    check_rows(pd.DataFrame(GOOD), SCORES, subject="scores")

    assert capfd.readouterr() == ("", "")
    assert list(tmp_path.iterdir()) == []


def test_warnings_of_the_process_are_still_told(tmp_path):
    script = tmp_path / "warn.py"
    script.write_text(WARN)

    told = subprocess.run(
        [sys.executable, script],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=True,
    )

    assert told.stdout == ""
    assert "UserWarning: told" in told.stderr


def test_library_that_ends_the_process_does_not_pass_for_a_check():
    told = subprocess.run(
        [sys.executable, "-c", "from jobs.quality.gate import quiet_library as load; load()"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )

    assert told.returncode == 1
    assert "GateError: The gate promised to check the rows" in told.stderr


def test_library_keeps_its_own_log_to_itself(caplog):
    with caplog.at_level(logging.DEBUG):
        check_rows(pd.DataFrame(GOOD).drop(columns="stage"), SCORES, subject="scores")

    assert [record for record in caplog.records if "great_expectations" in record.name] == []


def test_library_is_not_loaded_until_rows_are_checked():
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, jobs.quality.gate, jobs.quality.job;"
            " print('great_expectations' in sys.modules)",
        ],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )

    assert told.stdout == "False\n"


@pytest.mark.parametrize("contract", EXHAUST_TABLES.values(), ids=lambda contract: contract.name)
def test_every_check_of_an_exhaust_table_can_be_made(contract):
    empty = contract.arrow_schema().empty_table().to_pandas()

    verdicts = check_rows(empty, contract, subject=contract.name)

    assert {v.verdict for v in verdicts if v.check_name != "has rows"} == {"passed"}


def test_verdicts_are_kept_as_rows(store):
    now = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    verdicts = check_rows(pd.DataFrame(GOOD | {"stage": ["x", "y"]}), SCORES, subject="request r1")

    with store.transaction() as connection:
        record(connection, verdicts, now)

    with store.transaction() as connection:
        rows = connection.execute("SELECT * FROM operations.gate_verdict ORDER BY verdict_id")
        kept = rows.fetchall()
    assert len(kept) == len(verdicts)
    (failed,) = [row for row in kept if row["verdict"] == "failed"]
    assert failed | {"verdict_id": 0} == {
        "verdict_id": 0,
        "subject": "request r1",
        "check_name": "stage is a known value",
        "severity": "fail",
        "verdict": "failed",
        "found_count": 2,
        "checked_count": 2,
        "checked_at": now,
    }
