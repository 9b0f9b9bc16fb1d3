"""Whether rows hold what their contract promises, told in counts only."""

from __future__ import annotations

import functools
import logging
import warnings
from typing import Any

import pandas as pd

from jobs.contracts.contract import Contract
from jobs.errors import GateError
from jobs.quality.suites import Check, checks_of
from jobs.quality.verdicts import Outcome, Verdict, stop_on_failure

__all__ = ["Verdict", "check_rows", "stop_on_failure"]

# The default format quotes the rows that it finds: they may be a person's.
COUNTS_ONLY = {"result_format": "BASIC", "partial_unexpected_count": 0}


def check_rows(
    frame: pd.DataFrame, contract: Contract, *, subject: str, columns: list[str] | None = None
) -> list[Verdict]:
    """A verdict for each check of the contract, or of the columns that are named."""
    checks = checks_of(contract, columns)
    gx = quiet_library()
    # Names are unique in a context, and an expectation belongs to one suite: a new one each time.
    context = ephemeral_context(gx)
    rows = context.data_sources.add_pandas("rows").add_dataframe_asset("rows")
    batch = rows.add_batch_definition_whole_dataframe("rows").get_batch({"dataframe": frame})
    expectations = [
        getattr(gx.expectations, check.expectation)(**check.arguments, meta={"check": number})
        for number, check in enumerate(checks)
    ]
    suite = gx.ExpectationSuite(name=contract.name, expectations=expectations)
    results = batch.validate(suite, result_format=COUNTS_ONLY).results
    by_number = {result.expectation_config.meta["check"]: result for result in results}
    return [
        verdict_of(check, by_number[number], subject=subject, row_count=len(frame))
        for number, check in enumerate(checks)
    ]


def verdict_of(check: Check, result: Any, *, subject: str, row_count: int) -> Verdict:
    if was_not_checked(result.exception_info):
        outcome: Outcome = "could not check"
        found = checked = None
    else:
        outcome = "passed" if result.success else "failed"
        checked = row_count
        # A check of the whole table has no rows that break it.
        found = int(result.result.get("unexpected_count", 0 if result.success else row_count))
    return Verdict(subject, check.name, check.severity, outcome, found, checked)


def was_not_checked(told: dict[str, Any]) -> bool:
    """An expectation that raises is reported as failed; its exception is told by each metric."""
    if "raised_exception" in told:
        return bool(told["raised_exception"])
    return any(metric["raised_exception"] for metric in told.values())


@functools.cache
def quiet_library() -> Any:
    """great-expectations, which takes seconds to wake and talks a lot."""
    # On import it sends all warnings of the process to its log: put back at the end.
    with warnings.catch_warnings():
        # It imports two modules of the standard library by their old names.
        warnings.filterwarnings("ignore", r"module 'sre_\w+' is deprecated", DeprecationWarning)
        try:
            import great_expectations as gx
            import great_expectations.expectations
        except SystemExit:
            # It imports Spark Connect, which takes `python -c` for its own tests and ends the
            # process with success: rows would count as checked that nobody looked at.
            raise GateError(
                "The gate promised to check the rows; great-expectations ended instead of loading."
                " Run the command as `python -m jobs`, not by `python -c`."
            ) from None
    # What it logs of an exception can quote values.
    logging.getLogger("great_expectations").setLevel(logging.CRITICAL + 1)
    return gx


def ephemeral_context(gx: Any) -> Any:
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    return gx.get_context(
        mode="ephemeral",
        project_config=DataContextConfig(
            # Nobody reads its pages of documents: no folder for them.
            store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
            progress_bars=ProgressBarsConfig(globally=False),
            analytics_enabled=False,
        ),
    )
